#!/usr/bin/env bash
# Checks what m1c builds for Terraform with real tools: `tests/terraform/run.sh [PATH-OF-M1C [OPTION…]]`.
#
# With `--all-edits` it makes every edit of `edits.py`, and not only the few that are quick, and applies those of
# `living.py` one after another, which takes half an hour.
#
# checkov reads all of it. Terraform, which TERRAFORM names or which is in the PATH, formats, validates and applies it,
# on a stand-in for AWS (moto) on the loopback. Needs Python 3.9 or later; moto and checkov come from PyPI.
#
# Providers are taken from TERRAFORM_PROVIDERS, a folder as `terraform providers mirror` makes it, else from where such
# a folder usually is. What needs Terraform or a provider that is not there is skipped, and the output says so.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
m1c=$(realpath "${1:-$root/target/debug/m1c}")
for tool in "$m1c" python3; do
  command -v "$tool" >/dev/null || { echo "terraform: no program $tool" >&2; exit 2; }
done

skip() {
  printf 'terraform: SKIPPED: %s\n' "$*"
}

options=()
terraform=${TERRAFORM:-terraform}
if command -v "$terraform" >/dev/null; then
  options+=(--terraform "$(command -v "$terraform")")
  if [ -z "${TERRAFORM_PROVIDERS:-}" ]; then
    for folder in "${HOME:-/}/.terraform.d/plugins" /usr/local/share/terraform/plugins /usr/share/terraform/plugins \
      /opt/*; do
      if [ -d "$folder/registry.terraform.io" ]; then
        TERRAFORM_PROVIDERS=$folder
        break
      fi
    done
  fi
  TERRAFORM_PROVIDERS=$(realpath -m "${TERRAFORM_PROVIDERS:-nowhere}")
  for provider in hashicorp/aws kreuzwerker/docker; do
    if [ -d "$TERRAFORM_PROVIDERS/registry.terraform.io/$provider" ]; then
      options+=(--provider "$provider")
    else
      skip "init, validate and apply with $provider: TERRAFORM_PROVIDERS names no folder that has the provider"
    fi
  done
  options+=(--providers "$TERRAFORM_PROVIDERS")
else
  skip "fmt, init, validate, plan and apply: there is no program $terraform; TERRAFORM can name it"
fi

scratch=$(mktemp -d)
python=
clean_up() {
  if [ -n "$python" ] && kill "$python" 2>/dev/null; then
    wait "$python" 2>/dev/null || true
  fi
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" </dev/null
export PYTHONDONTWRITEBYTECODE=1
"$scratch/venv/bin/python" "$here/check.py" --scratch "$scratch" "${options[@]}" "${@:2}" "$m1c" &
python=$!
code=0
wait "$python" || code=$?
python=
exit "$code"
