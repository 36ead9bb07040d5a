#!/usr/bin/env bash
# Has real Ansible read what `m1c build --target ansible` writes: `tests/ansible/run.sh [PATH-OF-M1C]`.
#
# Hosts, groups and variables must be what config.yml says, with their types and without a warning; yamllint and ssh must
# have nothing to say either, and the playbook in examples/ must print the replication tree. The commands of
# docs/ansible.md are run too.
# Needs Python 3.11 or later with venv, and the ssh of OpenSSH. Installs Ansible and yamllint itself, from PyPI.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
m1c=$(realpath "${1:-$repository/target/release/m1c}")
if [ ! -x "$m1c" ]; then
  echo "no program $m1c: run \`cargo build --release\` first" >&2
  exit 2
fi
if ! command -v ssh >/dev/null; then
  echo "there is no ssh: install OpenSSH's client first" >&2
  exit 2
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check \
  ansible-core==2.19.14 pyyaml==6.0.4 yamllint==1.38.0

# Whatever the caller has set: Ansible finds no settings but these.
while read -r name; do
  unset "$name"
done < <(compgen -e | grep -E '^(ANSIBLE|PYTHON|YAMLLINT|SSH)_?' || true)
mkdir "$scratch/home"
export HOME=$scratch/home
export LC_ALL=C.UTF-8 SHELL=/bin/sh
export ANSIBLE_NOCOLOR=1
export PATH="$scratch/venv/bin:$PATH"
cd "$scratch"

fail() {
  printf 'ansible: %s\n' "$*" >&2
  exit 1
}

echo "build"
for source in "$repository"/examples/*.m1 "$repository"/tests/build/*/main.m1; do
  case=$(basename "$(dirname "$source")")
  # What an inventory cannot say is refused, and cargo's tests say how.
  if grep -qs '^error' "$(dirname "$source")/expected/ansible/said.txt"; then
    echo "  $case: has no inventory"
    continue
  fi
  (cd "$(dirname "$source")" && "$m1c" build --no-lock --target tpa,ansible --out "$scratch/build/$case/$(basename "$source")" \
    "$(basename "$source")" >"$scratch/log" 2>&1) || { cat "$scratch/log"; fail "cannot build $source"; }
done

echo "ansible-inventory"
python "$repository/tests/ansible/compare.py" build/*/*/*

echo "yamllint"
cat > yamllint.yml <<'YAML'
extends: default
rules:
  # Files look as PyYAML writes them.
  document-start: disable
  indentation: { indent-sequences: false }
  line-length: disable
YAML
yamllint --strict --config-file yamllint.yml build || fail "yamllint finds something"

echo "the replication tree"
ansible-playbook -i build/examples/two-locations.m1/payments/inventory --connection local \
  "$repository/examples/replication_tree.yml" </dev/null >tree.txt 2>errors.txt \
  || { cat tree.txt errors.txt; fail "the playbook fails"; }
[ ! -s errors.txt ] || { cat errors.txt; fail "the playbook is warned of"; }
sed -n '/^ok/,/^}/p' tree.txt | diff "$repository/tests/ansible/replication_tree.txt" - || fail "the playbook prints another tree"

echo "commands of docs/ansible.md"
mkdir tour bin
cp -r "$repository/examples" tour/examples
ln -s "$m1c" bin/m1c
export PATH="$scratch/bin:$PATH"
# shellcheck disable=SC2016
sed -n '/^```sh$/,/^```$/p' "$repository/docs/ansible.md" | grep -v '^```' >commands.txt
[ "$(wc -l <commands.txt)" -ge 3 ] || fail "the page has lost its commands"
while read -r command; do
  echo "  $command"
  (cd tour && bash -c "$command" </dev/null >"$scratch/log" 2>&1) || { cat log; fail "$command fails"; }
  if grep -i warning log; then
    fail "$command is warned of"
  fi
done <commands.txt
# The last one prints what stands below it.
python - "$repository" <<'PYTHON'
import pathlib, sys

repository = pathlib.Path(sys.argv[1])
tree = (repository / "tests/ansible/replication_tree.txt").read_text()
assert f"```text\n{tree}```\n" in (repository / "docs/ansible.md").read_text(), "the page shows another tree"
PYTHON

echo "ansible: all as it should be"
