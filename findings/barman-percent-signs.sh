#!/usr/bin/env bash
# Version    Barman 3.19.1 (PyPI)
# Behaviour  A percent sign has to be written four times. Barman copies each value
#            out of one parser of Python's configparser into a second one, and
#            both expand percent signs: `%%` reaches the second as `%`, which it
#            refuses. Since all files are read first, a mistake in the file of one
#            server stops the commands for every other server too.
# A guess    A percent sign is doubled, as in other files of configparser, and a
#            mistake concerns its own server.
# Seen       date +%F      list-servers 1, show-servers db2 1, db1 has: nothing
#              EXCEPTION: '%' must be followed by '%' or '(', found: '%F'
#            date +%%F     list-servers 1, show-servers db2 1, db1 has: nothing
#              EXCEPTION: invalid interpolation syntax in 'date +%F' at position 6
#            date +%%%%F   list-servers 0, show-servers db2 0, db1 has: date +%F
#            (the numbers are exit codes; the value stands in the file of db1)
# Needs      python3 with venv.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check barman==3.19.1 psycopg2-binary

mkdir "$scratch/home" "$scratch/servers"
cat >"$scratch/barman.conf" <<INI
[barman]
barman_home = $scratch/home
barman_user = $(id -un)
log_file = $scratch/log
configuration_files_directory = $scratch/servers
INI
server() {
    printf '[%s]\ndescription = x\nconninfo = host=127.0.0.1 port=1\nssh_command = true\n' "$1"
    printf 'backup_method = rsync\narchiver = on\n'
}
barman() {
    "$scratch/venv/bin/barman" -c "$scratch/barman.conf" "$@"
}
server db2 >"$scratch/servers/db2.conf"

changed=0
while read -r expected value; do
    { server db1; echo "post_backup_script = $value"; } >"$scratch/servers/db1.conf"
    list=0
    barman list-servers >"$scratch/out" 2>&1 || list=$?
    said=$(grep -m1 EXCEPTION "$scratch/out" || true)
    other=0
    barman show-servers db2 >/dev/null 2>&1 || other=$?
    has=$(barman show-servers db1 2>/dev/null | sed -n 's/^\tpost_backup_script: //p' || true)
    printf '%-13s list-servers %s, show-servers db2 %s, db1 has: %s\n' "$value" "$list" "$other" "${has:-nothing}"
    if [ -n "$said" ]; then
        echo "  $said"
    fi
    if [ "$expected" = refused ]; then
        if [ "$list" = 0 ] || [ "$other" = 0 ] || [ -n "$has" ]; then changed=1; fi
    elif [ "$list" != 0 ] || [ "$other" != 0 ] || [ "$has" != 'date +%F' ]; then
        changed=1
    fi
done <<'VALUES'
refused date +%F
refused date +%%F
taken date +%%%%F
VALUES
if [ "$changed" = 1 ]; then
    echo "the behaviour has changed" >&2
fi
exit "$changed"
