#!/usr/bin/env bash
# Version    Barman 3.19.1 (PyPI)
# Behaviour  `retention_policy = REDUNDANCY 0` is taken at its word: the newest
#            backup is obsolete too, and `barman cron` deletes it, because the
#            default of `minimum_redundancy` is 0. `barman check` says OK.
# A guess    It is refused, or 0 stands for "no policy".
# Seen       of two finished backups:
#            REDUNDANCY 0, minimum_redundancy 1: 1 obsolete, retention policy settings: OK
#            REDUNDANCY 1, minimum_redundancy 0: 1 obsolete, retention policy settings: OK
#            REDUNDANCY 0, minimum_redundancy 0: 2 obsolete, retention policy settings: OK
#            after barman cron: 0 backups
# Needs      python3 with venv.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check barman==3.19.1 psycopg2-binary

for day in 01 02; do
    backup=$scratch/home/db1/base/202601${day}T000000
    mkdir -p "$backup/data"
    cat >"$backup/backup.info" <<INFO
backup_id=202601${day}T000000
server_name=db1
status=DONE
mode=rsync
version=140000
timeline=1
begin_time=2026-01-$day 00:00:00+00:00
end_time=2026-01-$day 01:00:00+00:00
begin_wal=0000000100000000000000$day
end_wal=0000000100000000000000$day
begin_xlog=0/${day}000028
end_xlog=0/${day}000100
begin_offset=40
end_offset=256
xlog_segment_size=16777216
size=1000
INFO
done
barman() {
    "$scratch/venv/bin/barman" -c "$scratch/barman.conf" "$@"
}

changed=0
obsolete() {
    cat >"$scratch/barman.conf" <<INI
[barman]
barman_home = $scratch/home
barman_user = $(id -un)
log_file = $scratch/log
[db1]
description = x
conninfo = host=127.0.0.1 port=1
ssh_command = true
backup_method = rsync
archiver = on
backup_options = concurrent_backup
retention_policy = REDUNDANCY $1
minimum_redundancy = $2
INI
    listed=$(barman list-backups db1 2>&1)
    found=$(grep -c 'OBSOLETE$' <<<"$listed" || true)
    # The check of a server without a database fails as a whole; one line of it is of interest.
    verdict=$(barman check db1 2>/dev/null | grep -o 'retention policy settings: .*' || true)
    echo "REDUNDANCY $1, minimum_redundancy $2: $found obsolete, $verdict"
    if [ "$found" != "$3" ] || [ "$verdict" != 'retention policy settings: OK' ]; then changed=1; fi
    if grep -qiE 'warning|error|exception|invalid' <<<"$listed"; then
        echo "$listed"
        changed=1
    fi
}
obsolete 0 1 1
obsolete 1 0 1
obsolete 0 0 2
# What cron starts keeps the pipe open, so that this waits for it.
barman cron --keep-descriptors 2>&1 | cat >"$scratch/cron"
left=$(barman list-backups db1 | wc -l)
echo "after barman cron: $left backups"
if [ "$left" != 0 ]; then
    cat "$scratch/cron"
    changed=1
fi
if [ "$changed" = 1 ]; then
    echo "the behaviour has changed" >&2
fi
exit "$changed"
