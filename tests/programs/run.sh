#!/usr/bin/env bash
# Holds m1c to cron, PgBouncer, Barman and HAProxy: hundreds of values, each judged by both.
#
#   run.sh M1C [--record]
#
# Installs Debian's packages of cron, PgBouncer and HAProxy where they are missing, and Barman from PyPI into a folder of
# its own. With --record it writes the verdicts that `cargo test` reads.
set -euo pipefail
m1c=$(realpath "$1")
record=${2:-}
cd "$(dirname "$0")"

missing=()
command -v crontab >/dev/null || missing+=(cron)
command -v pgbouncer >/dev/null || missing+=(pgbouncer)
command -v haproxy >/dev/null || missing+=(haproxy)
if [ "${#missing[@]}" -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/barman"
"$scratch/barman/bin/pip" install --quiet barman==3.19.1 psycopg2-binary

for program in cron pgbouncer haproxy barman; do
  arguments=()
  if [ "$record" = --record ]; then
    arguments=(--record "$program.txt")
  fi
  "$scratch/barman/bin/python" compare.py "$m1c" "$program" "${arguments[@]}"
done
