#!/usr/bin/env python3
"""Asks a real Patroni what it makes of settings, and writes patroni.txt beside this file.

    pip install 'patroni[etcd3]==4.1.*' psycopg2-binary
    tests/managers/ask_patroni.py

Patroni's own code reads every value: its configuration, its tags, its slots, and the schema of its validator.
`cargo test managers` compares the record with `m1c lint`.
"""

import ast
import logging
import pathlib
import re
import types

import patroni
import yaml
from patroni.config import Config
from patroni.dcs import Cluster
from patroni.postgresql.misc import PostgresqlRole
from patroni.tags import Tags
from patroni.utils import parse_bool, parse_int
from patroni.validator import IntValidator, schema, validate_synchronous_mode
from patroni.version import __version__

logging.disable(logging.CRITICAL)
HERE = pathlib.Path(__file__).resolve().parent
ROOT = pathlib.Path(patroni.__file__).parent
WORDS = {node.value for path in ROOT.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))
         if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def of_schema(*path):
    """The validator of a setting."""
    found = schema.validator
    for name in path:
        found = next(value for key, value in found.items() if name in (key, getattr(key, "name", None)))
    return found


DCS = of_schema("bootstrap", "dcs")
SWITCHES = ["failsafe_mode", "check_timeline", "pause"]
TIMES = ["ttl", "loop_wait", "retry_timeout"]
NUMBERS = {"maximum_lag_on_failover": 0, "maximum_lag_on_syncnode": -1, "primary_start_timeout": 0,
           "primary_stop_timeout": 0, "synchronous_node_count": 1}
SHARED = ["max_connections", "max_wal_senders", "max_replication_slots", "max_worker_processes",
          "max_locks_per_transaction", "wal_keep_size"]
VALUES = ["true", "false", "yes", '"yes"', '"on"', '"off"', '"true"', '"TRUE"', "1", "0", "2", '"enabled"', '"nonsense"',
          "[a]", "{a: 1}"]
INTEGERS = ["0", "1", "5", "30", "100", "-1", "-2", '"30"', '"30s"', '"10MB"', '"1 GB"', "1.5", '"0x10"', '"010"', '"08"',
            '"abc"', "true", "[1]", '"1e3"', '"5min"']
SLOTS = ["{s: {type: physical}}", "{s: {type: logical}}", "{s: {type: logical, database: a, plugin: pgoutput}}",
         "{s: {database: a, plugin: pgoutput}}", "{s: {database: a}}", "{s: {plugin: pgoutput}}", "{s: null}", "{s: {}}",
         "{S: {type: physical}}", "{a-b: {type: physical}}", "{s: physical}", "{s: {type: temporary}}",
         "{s: {type: Physical}}", "{s: [a]}", "{s: {type: physical, database: a}}",
         "{db2: {type: logical, database: a, plugin: pgoutput}}", "{db2: {type: physical}}", "{s: true}",
         "{s: {type: logical, database: a, plugin: ''}}"]
PLACES = ["tags: {}", "tags: {nofailover: true}", "restapi: {listen: a}", "use_pg_rewind: true", "parameters: {a: 1}",
          "dcs: {ttl: 40}", "bootstrap: {dcs: {ttl: 40}}", "watchdog: {mode: off}", "name: a", "scope: a"]


def attempt(test):
    try:
        return bool(test())
    except Exception:
        return False


def takes_switch(name, value):
    if name == "synchronous_mode":
        return attempt(lambda: validate_synchronous_mode(value) is None)
    if name == "synchronous_mode_strict":
        return isinstance(value, bool)
    return parse_bool(value) is not None


def takes_time(name, value):
    # Python's int makes other numbers of these.
    if isinstance(value, (bool, float)):
        return False
    config = object.__new__(Config)
    written = {name: value}
    config._validate_and_adjust_timeouts(written)
    return written == {name: value}


def takes_number(name, value):
    # True is the number 1 to Python, and no number to Patroni.
    return parse_int(value) is not None and parse_int(value) >= NUMBERS[name] and IntValidator(min=NUMBERS[name])(value)


def takes_shared(name, value, is_local=False):
    return name in Config._process_postgresql_parameters({name: value}, is_local)


def takes_slots(value):
    members = [types.SimpleNamespace(name=name, replicatefrom=None) for name in ("db1", "db2")]
    cluster = types.SimpleNamespace(members=members, is_logical_slot=Cluster.is_logical_slot)
    made = {"db2": {"type": "physical"}}
    Cluster._merge_permanent_slots(cluster, made, dict(value), "db1", PostgresqlRole.PRIMARY, True)
    for name, slot in value.items():
        slot = slot or {"type": "physical"}
        wanted = slot.get("type") or ("logical" if slot.get("database") or slot.get("plugin") else "physical")
        if name not in made or made[name]["type"] != wanted:
            return False
    return True


def takes_tag(name, value):
    tags = type("Node", (Tags,), {"tags": property(lambda self: {name: value})})()
    if name.endswith("priority"):
        return parse_int(value) is not None and parse_int(value) >= 0
    meant = bool(value) if isinstance(value, int) else parse_bool(value)
    return meant is not None and bool(getattr(tags, name)) == meant


SOURCES = {path.name: path.read_text() for path in ROOT.rglob("*.py")}
ASKED = (set(re.findall(r"(?:check_mode|get_int|get)\('(\w+)'", SOURCES["global_config.py"]))
         | set(re.findall(r"check_mode\('(\w+)'", "".join(SOURCES.values()))))


def is_dynamic(name):
    """Whether the dynamic configuration has such a setting: by the schema, or because the code asks for it by name."""
    return name in ASKED or any(name in (key, getattr(key, "name", None)) for key in DCS)


def records():
    for name in SWITCHES + ["synchronous_mode", "synchronous_mode_strict"]:
        for text in VALUES:
            yield "dynamic", f"{name}: {text}", takes_switch(name, yaml.safe_load(text))
    yield "dynamic", "synchronous_mode: quorum", takes_switch("synchronous_mode", "quorum")
    yield "dynamic", "synchronous_mode: Quorum", takes_switch("synchronous_mode", "Quorum")
    for name in TIMES:
        for text in INTEGERS:
            yield "dynamic", f"{name}: {text}", attempt(lambda: takes_time(name, yaml.safe_load(text)))
    for name in NUMBERS:
        for text in INTEGERS:
            yield "dynamic", f"{name}: {text}", attempt(lambda: takes_number(name, yaml.safe_load(text)))
    for text in INTEGERS:
        validator = IntValidator(min=0, base_unit="s")
        yield "dynamic", f"member_slots_ttl: {text}", attempt(lambda: validator(yaml.safe_load(text)))
    for name in SHARED:
        for text in ["0", "1", "10", "24", "25", "31", "32", "100", '"100"', '"16MB"', '"1GB"', '"500kB"', '"abc"']:
            value = yaml.safe_load(text)
            yield "dynamic", f"postgresql: {{parameters: {{{name}: {text}}}}}", takes_shared(name, value)
        yield "local", f"postgresql: {{parameters: {{{name}: 100}}}}", takes_shared(name, 100, True)
    for name in ["work_mem", "wal_level", "port", "hot_standby", "jit"]:
        yield "local", f"postgresql: {{parameters: {{{name}: x}}}}", takes_shared(name, "x", True)
    for text in SLOTS:
        for called in ["slots", "permanent_slots"]:
            yield "dynamic", f"{called}: {text}", attempt(lambda: takes_slots(yaml.safe_load(text)))
    for name in ["nofailover", "nosync", "noloadbalance", "nostream"]:
        for text in VALUES[:13]:
            yield "local", f"tags: {{{name}: {text}}}", takes_tag(name, yaml.safe_load(text))
    for name in ["failover_priority", "sync_priority"]:
        for text in ["0", "1", "100", '"5"', '"low"', "-1", '"0x2"', "[1]"]:
            yield "local", f"tags: {{{name}: {text}}}", attempt(lambda: takes_tag(name, yaml.safe_load(text)))
    for text in PLACES:
        yield "dynamic", text, is_dynamic(text.split(":")[0])
    names = sorted(name for name in WORDS if re.fullmatch("[a-z_]+", name) and is_dynamic(name))
    settings = [name for name in names if any(name in (key, getattr(key, "name", None)) for key in DCS)]
    for name in settings:
        for wrong in sorted({name[:-1], name.replace("_", "-"), name[:2] + name[3:]} - {name}):
            if wrong not in WORDS:
                yield "dynamic", f"{wrong}: 25", is_dynamic(wrong)
    for name in ["ttl", "loop_wait", "retry_timeout"]:
        effective = object.__new__(Config)._build_effective_configuration({}, {name: 45, "postgresql": {}})
        yield "local", f"{name}: 45", effective[name] == 45


def main():
    record = [f"{'taken' if taken else 'refused'}\t{where}\t{text}" for where, text, taken in records()]
    record = list(dict.fromkeys(record))
    (HERE / "patroni.txt").write_text(f"# Patroni {__version__}\n" + "\n".join(record) + "\n")
    print(f"{len(record)} settings")


main()
