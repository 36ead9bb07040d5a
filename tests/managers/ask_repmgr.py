#!/usr/bin/env python3
"""Asks a real repmgr what it makes of lines of repmgr.conf, and writes repmgr.txt beside this file.

    tests/managers/ask_repmgr.py /usr/lib/postgresql/15/bin/repmgr

repmgr does not run as root: start this as another user. `cargo test managers` compares the record with `m1c lint`. What a
number with something after it means is asked of the C library's strtol, which repmgr calls.
"""

import ctypes
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parent.parent / "src" / "facts" / "repmgr.rs"
BASE = """node_id=1
node_name='db1'
conninfo='host=127.0.0.1 port=1 user=repmgr dbname=repmgr connect_timeout=1'
data_directory='/nowhere'
"""
# These are in every file already, or depend on each other and on what TPA writes.
LEFT_OUT = {"node_id", "node_name", "conninfo", "data_directory", "barman_host", "barman_server"}
BY_KIND = {
    "Integer": ["5", "0", "-1", "-2", "1", "0x10", "1min", "12x", "+7", "' 9 '", "''", "abc", "1.5", "010",
                "2147483647", "2147483648", "99999999999"],
    "Boolean": ["true", "FALSE", "on", "Off", "yes", "no", "1", "0", "t", "maybe", "2", "''", "enabled"],
    "Text": ["'a b'", "word", "''", "'it''s'", "/usr/bin/x", "'open", "a b", "5"],
    "Word": ["automatic", "manual", "Automatic", "auto", "''"],
    "AnyCase": ["ping", "PING", "connection", "query", "physical", "Physical", "none", "''"],
    "Delay": ["5min", "10", "3s", "-1", "2 h", "7w", "1d", "abc"],
    "Mapping": ["'/a=/b'", "'/a'", "'=/b'", "'/a='"],
}
OTHERS = ["# comment", "", "priority 100", "priority == 5", "priority=5 6", "priority = 5 # five", "priority=",
          "=5", "5=5", "a.b=5", "priority='5'", "priority=\"5\"", "log_level: INFO", "failover=automatic;",
          "promote_command=/usr/bin/x y", "failover='manual'", "PRIORITY=5", "- priority=5", "{'priority': 5}",
          "master_response_timeout=5", "loglevel=INFO", "logfile='/x'", "cluster=x", "witness_repl_nodes_sync_interval_secs=5",
          "retry_promote_interval_secs=9", "use_replication_slots", "monitoring_history=yes no"]


def lines():
    for name, kind in re.findall(r'setting\("(\w+)", (\w+)', TABLE.read_text()):
        if name in LEFT_OUT:
            continue
        for value in BY_KIND[kind]:
            # repmgr takes an empty command, and repmgrd does not start with it.
            if value == "''" and name in ("promote_command", "follow_command"):
                continue
            yield f"{name}={value}"
        yield f"{name[:-1]}=5"
    yield from OTHERS


def misread(line):
    """What strtol makes of a number that goes on with something else, if that is another number."""
    name, _, value = line.partition("=")
    value = value.partition("#")[0].strip()
    kinds = dict(re.findall(r'setting\("(\w+)", (\w+)', TABLE.read_text()))
    if kinds.get(name.strip()) != "Integer":
        return False
    # repmgr takes an empty text for 0 before it asks strtol.
    if value == "''":
        return True
    value = value.strip("'").strip()
    if not re.match(r"[-+]?\d", value) or re.fullmatch(r"[-+]?\d+", value):
        return False
    strtol = ctypes.CDLL(None).strtol
    strtol.restype = ctypes.c_long
    return str(strtol(value.encode(), None, 10)) != value


def verdict(repmgr, line):
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(BASE + line + "\n")
        file.flush()
        ran = subprocess.run([repmgr, "-f", file.name, "cluster", "show"], capture_output=True, text=True)
    said = ran.stdout + ran.stderr
    # That one number is too low for another is said of the number that was read.
    depends = "must be greater than" in said or "must be equal to or greater than" in said
    if depends and "(provided" not in said and misread(line):
        return "misread"
    if "connection to database failed" not in said:
        return "refused"
    if "following problems were found" in said:
        return "ignored"
    return "misread" if misread(line) else "taken"


def main():
    repmgr = sys.argv[1]
    seen = dict.fromkeys(lines())
    record = [f"{verdict(repmgr, line)}\t{line}" for line in seen]
    version = subprocess.run([repmgr, "--version"], capture_output=True, text=True).stdout.strip()
    (HERE / "repmgr.txt").write_text(f"# {version}\n" + "\n".join(record) + "\n")
    print(f"{len(record)} lines")


main()
