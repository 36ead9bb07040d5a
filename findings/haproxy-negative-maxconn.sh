#!/usr/bin/env bash
# Version    HAProxy 2.6.12 (Debian 12, 2.6.12-1+deb12u4)
# Behaviour  `maxconn -1` is valid, and counts as 4294967295, for a proxy and for a
#            server alike.
# A guess    It is refused, as a negative `weight` of a server is.
# Seen       weight -1: refused
#            maxconn -1: valid
#            be FRONTEND: limit 4294967295
#            be db1: limit 4294967295
# Needs      Debian 12 on amd64 with recent lists of apt; python3.
set -euo pipefail
scratch=$(mktemp -d)
process=
stop() {
    if [ -n "$process" ]; then
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    fi
    rm -rf "$scratch"
}
trap stop EXIT
cd "$scratch"
apt-get download -qq -o APT::Sandbox::User=root haproxy=2.6.12-1+deb12u4 liblua5.3-0=5.3.6-2 \
    libopentracing-c-wrapper0 libopentracing1
for package in *.deb; do
    dpkg -x "$package" root
done
LD_LIBRARY_PATH=$scratch/root/usr/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH
haproxy=$scratch/root/usr/sbin/haproxy

configuration() {
    cat <<CFG
global
  stats socket $scratch/stats
defaults
  mode tcp
  timeout connect 5s
  timeout client 5s
  timeout server 5s
listen be
  bind unix@$scratch/bind
  maxconn $1
  server db1 127.0.0.1:1 $2
CFG
}
verdict() {
    if "$haproxy" -q -c -f "$1" >/dev/null 2>&1; then echo valid; else echo refused; fi
}
configuration 100 'weight -1' >weight.cfg
configuration -1 'maxconn -1' >maxconn.cfg
weight=$(verdict weight.cfg)
maxconn=$(verdict maxconn.cfg)
echo "weight -1: $weight"
echo "maxconn -1: $maxconn"
if [ "$weight" != refused ] || [ "$maxconn" != valid ]; then
    echo "the behaviour has changed" >&2
    exit 1
fi

"$haproxy" -db -f maxconn.cfg >log 2>&1 &
process=$!
for _ in $(seq 100); do
    if [ -S stats ]; then break; fi
    sleep 0.1
done
python3 - "$scratch/stats" <<'PYTHON'
import csv
import socket
import sys

with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(sys.argv[1])
    connection.sendall(b"show stat\n")
    said = connection.makefile().read()
limits = {}
for row in csv.DictReader(said.strip().removeprefix("# ").splitlines()):
    if row["svname"] in ("FRONTEND", "db1"):
        limits[row["svname"]] = row["slim"]
        print(f"{row['pxname']} {row['svname']}: limit {row['slim']}")
sys.exit(0 if limits == dict.fromkeys(["FRONTEND", "db1"], "4294967295") else "the behaviour has changed")
PYTHON
