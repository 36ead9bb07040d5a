"""Holds `m1c diff` to real servers: what a change of every parameter of every major does.

    python3 tests/diff/settings.py target/debug/m1c [--majors 16,17]

Changes every parameter that a file can set on a server that runs, reloads, and asks which wait for a restart. `m1c diff`
is asked the same about a config.yml. Needs Python 3.11, psql, and npm for the servers of PostgreSQL (see
tests/postgres/servers.py). Prints what differs, and a line for each major.
"""

import argparse
import csv
import io
import json
import pathlib
import subprocess
import tempfile
import time

from running import Running, servers

NEEDED = "only when Postgres starts"

# What the server itself needs, and what would end it or its answers.
LEFT_OUT = {
    "config_file": "where this very file is",
    "data_directory": "where this very file is",
    "listen_addresses": "given on the command line",
    "port": "given on the command line",
    "unix_socket_directories": "given on the command line",
    "hba_file": "nobody could connect",
    "ident_file": "nobody could connect",
    "client_encoding": "psql sets its own",
    "application_name": "psql sets its own",
    "db_user_namespace": "nobody could connect",
    "default_table_access_method": "there is one alone",
    "default_tablespace": "there is one alone",
    "temp_tablespaces": "there is one alone",
    "debug_parallel_query": "the answer would come from a worker",
    "force_parallel_mode": "the answer would come from a worker",
    "local_preload_libraries": "nobody could connect",
}
TEXTS = {
    "session_preload_libraries": "auto_explain",
    "statement_timeout": "1h",
    "lock_timeout": "1h",
    "transaction_timeout": "1h",
    "idle_session_timeout": "1h",
    "idle_in_transaction_session_timeout": "1h",
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "iso_8601",
    "TimeZone": "UTC",
    "log_timezone": "UTC",
    "timezone_abbreviations": "Australia",
    "default_text_search_config": "pg_catalog.english",
    "log_connections": "all",
    "log_destination": "csvlog",
    "lc_messages": "POSIX",
    "lc_monetary": "POSIX",
    "lc_numeric": "POSIX",
    "lc_time": "POSIX",
    "debug_io_direct": "data",
    "wal_consistency_checking": "heap",
    "createrole_self_grant": "set",
    "restrict_nonsystem_relation_kind": "view",
    "recovery_target": "immediate",
    "recovery_target_lsn": "0/3000000",
    "recovery_target_time": "2030-01-01 00:00:00",
    "recovery_target_timeline": "current",
    "recovery_target_xid": "1000",
    "ssl_tls13_ciphers": "TLS_AES_128_GCM_SHA256",
    "synchronized_standby_slots": "slot",
    "oauth_validator_libraries": "validator",
}


def other(row):
    """Another value than a parameter has."""
    name, kind, now = row["name"], row["vartype"], row["setting"]
    if name in TEXTS:
        return TEXTS[name]
    if kind == "bool":
        return "off" if now == "on" else "on"
    if kind == "enum":
        return next((word for word in servers.words_of(row["enumvals"]) if word != now), None)
    if kind in ("integer", "real"):
        least, greatest, number = (float(row[key]) for key in ("min_val", "max_val", "setting"))
        for value in (number + 1, number - 1, number / 2, least, greatest):
            if least <= value <= greatest and value != number:
                return str(int(value)) if kind == "integer" else str(value)
        return None
    return "changed" if now != "changed" else "other"


def answers(m1c, major, names):
    """What m1c says of each: whether Postgres reads it only when it starts."""
    with tempfile.TemporaryDirectory() as folder:
        sides = []
        for side, settings in (("old", {}), ("new", {name: "'1'" for name in names})):
            config = {
                "architecture": "M1",
                "cluster_name": "speedy",
                "cluster_vars": {
                    "postgres_version": str(major),
                    "failover_manager": "repmgr",
                    "postgres_conf_settings": settings,
                },
                "instances": [{"Name": "db1", "node": 1, "platform": "bare", "role": ["primary"]}],
            }
            path = pathlib.Path(folder, f"{side}.yml")
            # JSON is YAML.
            path.write_text(json.dumps(config))
            sides.append(str(path))
        done = subprocess.run([m1c, "diff", "--format=json", *sides], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    found = {}
    for machine in json.loads(done.stdout)["clusters"][0]["machines"]:
        for change in machine["changes"]:
            name = change["cause"].partition(".")[2]
            found[name] = "unknown" if change["effect"] == "unknown" else NEEDED in change["says"]
    return found


def happened(server):
    """What a running server does about another value for every parameter."""
    server.data()
    running = Running(server, server.data(), 5433)
    running.configure([])
    if not running.start():
        raise RuntimeError(running.log.read_text())
    try:
        columns = "name, vartype, setting, min_val, max_val, enumvals, context"
        query = f"copy (select {columns} from pg_settings where name not like '%.%') to stdout (format csv, header)"
        rows = list(csv.DictReader(io.StringIO(running.ask(query))))
        tried = {}
        for row in rows:
            value = None if row["name"] in LEFT_OUT else other(row)
            if value is not None:
                tried[row["name"]] = value
        results = {}
        # One at a time: what is checked together would refuse all of them.
        names = sorted(tried)
        for start in range(0, len(names), 20):
            batch = names[start : start + 20]
            running.configure([f"{name} = '{tried[name]}'" for name in batch])
            running.ask("select pg_reload_conf()")
            time.sleep(0.4)
            listed = ",".join(f"'{name}'" for name in batch)
            text = running.ask(
                "copy (select s.name, s.context, s.pending_restart, s.source, f.applied, f.error from pg_settings s"
                f" left join pg_file_settings f on lower(f.name) = lower(s.name) where s.name in ({listed})) to stdout (format csv, header)"
            )
            for row in csv.DictReader(io.StringIO(text)):
                results[row["name"]] = row
            running.configure([])
            running.ask("select pg_reload_conf()")
            time.sleep(0.2)
        return rows, results
    finally:
        running.stop()


def check(m1c, server):
    rows, results = happened(server)
    said = answers(m1c, server.major, list(results))
    wrong, pending, applied, refused = [], 0, 0, 0
    for name, row in sorted(results.items()):
        waits = row["pending_restart"] == "t"
        if row["context"] == "internal" or (row["error"] and not waits):
            # The server takes no such value, or none at all: nothing can be learnt.
            refused += 1
            continue
        pending += waits
        applied += not waits
        if said.get(name) != waits:
            wrong.append(f"{name}: the server {'waits for a restart' if waits else 'takes it at once'}, m1c says {said.get(name)}")
    for line in wrong:
        print(f"{server.major}: {line}")
    print(
        f"PostgreSQL {servers.VERSIONS[server.major].partition('-')[0]}: {len(results)} of {len(rows)} parameters changed,"
        f" {applied} at once, {pending} wait for a restart, {refused} without an answer, {len(wrong)} different",
        flush=True,
    )
    return len(wrong)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("m1c")
    parser.add_argument("--majors", default="")
    options = parser.parse_args()
    majors = [int(major) for major in options.majors.split(",") if major]
    wrong = sum(check(options.m1c, server) for server in servers.all_servers(majors))
    print(f"{wrong} different")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
