#!/usr/bin/env bash
# Shows what a new release of TPA costs: applies new_release.patch, which has a made-up one with a variable, a default of
# `tpaexec configure` and a refusal, to a copy of the sources, builds it, and looks at what comes of it.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
git ls-files -z | tar --null --files-from - --create | tar --extract --directory "$scratch"
cd "$scratch"
git init --quiet
git apply --stat --apply "$root/tests/tpa/new_release.patch"

# A folder of its own, so that the program of this folder does not become that of a made-up release. What m1c depends on
# is the same, and is linked into it where it has been built.
export CARGO_TARGET_DIR="$root/target/new-release"
rm -rf "$CARGO_TARGET_DIR"
mkdir -p "$CARGO_TARGET_DIR/debug"
for built in .fingerprint build deps; do
  if [ -d "$root/target/debug/$built" ]; then
    cp --archive --link "$root/target/debug/$built" "$CARGO_TARGET_DIR/debug/"
  fi
done
rm -rf "$CARGO_TARGET_DIR"/debug/.fingerprint/m1c-* "$CARGO_TARGET_DIR"/debug/deps/*m1c-*
cargo build --quiet --locked
m1c=$CARGO_TARGET_DIR/debug/m1c

cd "$(mktemp --directory --tmpdir="$scratch")"
says() {
  local expected=$1
  shift
  local said
  said=$("$@" 2>&1) || true
  if [[ $said != *"$expected"* ]]; then
    printf 'expected `%s` from: %s\n%s\n' "$expected" "$*" "$said"
    exit 1
  fi
}

efm=(--architecture M1 --platform bare --postgresql 17 --enable-efm)
says written "$m1c" init new "${efm[@]}"
says 'tpa = 23.99' cat new/new.m1
says 'version             = 6.0' cat new/new.m1
says written "$m1c" init old --tpa 23.45 "${efm[@]}"
says 'version             = 5.1' cat old/old.m1

cat > config.yml <<'YAML'
cluster_name: speedy
cluster_vars:
  failover_manager: efm
  postgres_flavour: postgresql
  postgres_version: '17'
  efm_patience: soon
instances: []
YAML
says 'error[refused-by-tpa]' "$m1c" lint --select refused-by-tpa config.yml
says 'nothing found' "$m1c" lint --select refused-by-tpa --tpa 23.45 config.yml
echo "a new release: three files"
