"""Holds the reading of parameters to the servers: values of every parameter of every major, 0 different.

    python3 tests/postgres/parameters.py [--majors 16,17] [--values 4000] [--answers FOLDER] [--record]

Makes values of all kinds for all parameters of a major, right and wrong ones, asks the server with `postgres -C` what it
makes of each, and has m1c judge the same: `cargo test judges_a_list_of_values` with M1C_PARAMETERS. Prints what differs and
a line for each major. `--record` writes some of the verdicts to `tests/postgres/verdicts.tsv`, which `cargo test` reads.
"""

import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import servers

# Whose values in force are recorded too.
PLAIN = {"work_mem", "max_connections", "archive_timeout", "wal_sender_timeout", "max_slot_wal_keep_size", "jit", "max_wal_size", "checkpoint_timeout", "log_rotation_age", "port"}

# What is compared with other parameters when the server starts: `-C` cannot tell.
TOGETHER = {"max_connections", "superuser_reserved_connections", "reserved_connections", "max_wal_senders", "autovacuum_max_workers", "autovacuum_worker_slots", "max_worker_processes", "max_wal_size", "min_wal_size", "wal_level", "archive_mode", "summarize_wal", "wal_consistency_checking"}

# Whose values the server adjusts when it takes them, or prints under another name.
ADJUSTED = {"autovacuum_work_mem", "sort_mem", "transaction_deferrable", "transaction_read_only", "vacuum_mem", "wal_buffers"}

# What decides about the log, and what the servers compare with each other at once.
ALONE = {"log_min_messages", "client_encoding", "data_directory", "log_statement_stats", "log_parser_stats", "log_planner_stats", "log_executor_stats", "recovery_target", "recovery_target_lsn", "recovery_target_name", "recovery_target_time", "recovery_target_xid"}

ROOT = pathlib.Path(__file__).parents[2]
MEMORY = ["B", "kB", "MB", "GB", "TB"]
TIME = ["us", "ms", "s", "min", "h", "d"]
WRONG_UNITS = ["M", "k", "K", "KB", "kb", "mb", "gb", "Gb", "G", "T", "GiB", "Mb", "m", "sec", "S", "Ms", "D", "w", "hour", "minutes", "%", "MB x", "B B", "x"]
BOOLEANS = ["on", "off", "true", "false", "yes", "no", "1", "0", "t", "f", "y", "n", "tr", "fals", "of", "o", "ye", "ON", "Off", "TRUE", "nO", "True", "oui", "2", "-1", "", " on", "on ", "01", "enabled", "none", "onn"]

TEXTS = {
    "synchronous_standby_names": ["", " ", "*", "a", "first", "any", "a, b", "FIRST 1 (a, b)", "ANY 2 (a,b)", "any 1 (first)", "2 (a, b)", "ANY 1 a", "a-b", '"a-b"', '"first"', "first, second, third", "0 (a)", "ANY 0 (a)", "1 (", "1 ()", "a,", ",a", '""', '"a', "a b", "1", "1, 2", "FIRST (a)", "FIRST 1 ()", "4294967296 (a)", "a;b", "FIRST 1 (any)", "a.b", "größe", "ANY 1 (*)", "*, a", "1a", "a$b", "$a", "\\ta", "a\\nb"],
    "log_destination": ["", "stderr", "csvlog", "jsonlog", "syslog", "eventlog", "foo", "stderr,csvlog", "stderr, syslog", "STDERR", '"stderr"', "stderr;csvlog", "stderr csvlog", ",", "stderr,", " stderr "],
    "log_connections": ["", "all", "receipt", "receipt,authentication", "on", "off", "true", "receipt, on", "setup_durations", "authorization", "none", "foo", "ALL", "1", "2"],
    "createrole_self_grant": ["", "set", "inherit", "set, inherit", "SET", "admin", "set;inherit", "none", "on"],
    "restrict_nonsystem_relation_kind": ["", "view", "foreign-table", "view, foreign-table", "table", "VIEW", "foreign_table"],
    "debug_io_direct": ["", "data", "wal", "wal_init", "data, wal", "on", "data;wal", "WAL"],
    "wal_consistency_checking": ["", "all", "heap", "heap, btree", "HEAP", "foo", "heap;btree", "xlog", "generic"],
    "search_path": ["", "public", '"$user", public', "$user, public", "a,b", "a b", "a,", '"a', "a;b", ",", "pg_catalog", "a,,b"],
    "temp_tablespaces": ["", "a", "a, b", '"a b"', "a b", "a,", '"a'],
    "synchronized_standby_slots": ["", "a", "a, b", "a b", '"a', "a,", "*", "A", "a-b"],
    "DateStyle": ["ISO", "ISO, DMY", "SQL, MDY", "German", "Postgres, DMY", "iso,iso", "ISO, SQL", "DMY, MDY", "european", "US", "noneuropean", "default", "foo", "", "iso;dmy", "YMD", "ISO YMD", "postgresql", "euro", "dmy", '"iso"', "eur", "ISO, DEFAULT", "default, default"],
    "TimeZone": ["UTC", "GMT", "Europe/Berlin", "America/New_York", "", "a\"b", "Etc/UTC", "a;b", "a#b", "é", "europe/berlin", "Europe/Berln", "CEST", "UTC+3", "<-03>3", "CET-1CEST", "EST5EDT,M3.2.0,M11.1.0", "GMT+167", "GMT+168", "UTC3:30:15", "UTC3:60", "<foo>", "5", "-3.5", "5.5.5", "+02:00", "+0530", "Mars/Olympus"],
    "log_timezone": ["UTC", "GMT", "Europe/Berlin", "Asia/Tokyo", "", "a\"b", "a;b", "europe/berlin", "Europe/Berln", "CEST", "UTC+3", "<-03>3", "CET-1CEST", "EST5EDT,M3.2.0,M11.1.0", "GMT+167", "GMT+168", "UTC3:30:15", "UTC3:60", "<foo>", "5", "-3.5", "5.5.5", "+02:00", "+0530", "Mars/Olympus"],
    "client_encoding": ["UTF8", "utf8", "UTF-8", "LATIN1", "latin-1", "SQL_ASCII", "unicode", "win1252", "WIN-1252", "foo", "", "utf16", "iso-8859-1", "ISO_8859_5", "ascii", "utf", "sjis", "euc_jp", "KOI8", "koi8-r", "cp1252", "windows-1252", "gb18030", "johab", "mule_internal", "big5"],
    "timezone_abbreviations": ["Default", "Australia", "India", "default", "foo", "", "Europe"],
    "primary_slot_name": ["", "a", "tpa_db1", "A", "a-b", "a b", "x" * 63, "x" * 64, "1", "é", "a.b"],
    "backtrace_functions": ["", "a", "a, b", "a-b", "a;b", "A_1", "a\"b"],
    "default_table_access_method": ["heap", "", "foo", "x" * 63, "x" * 64],
    "recovery_target": ["", "immediate", "foo", "IMMEDIATE"],
    "recovery_target_name": ["", "a", "x" * 63, "x" * 64],
    "recovery_target_timeline": ["current", "latest", "", "1", "7", "foo", "LATEST", "x1"],
    "recovery_target_lsn": ["", "0/3000000", "1/A", "foo", "0/", "/0", "0/G", "1/123456789", "123456789/1"],
    "role": ["none", "app", "NONE", "", "postgres"],
    "session_authorization": ["app", "", "none", "postgres"],
    "transaction_isolation": ["serializable", "default", "repeatable read", "read committed", "foo", ""],
    "lc_messages": ["C", "POSIX", ""],
    "lc_monetary": ["C", "POSIX"],
    "lc_numeric": ["C", "POSIX"],
    "lc_time": ["C", "POSIX"],
    "recovery_target_time": [""],
    "recovery_target_xid": ["", "1000", "7"],
    "data_directory": [],
    "config_file": [],
    "hba_file": [],
    "ident_file": [],
}
ANY_TEXT = ["", "a", "a b", "x, y", "100%", "it's", "/path/of/it", "x" * 70, "on", "1", "größe", "-", "*", "a=b"]

UNKNOWN = ["no_such_parameter", "max_conections", "checkpoint_segments", "wal_keep_segment", "workmem", "my.setting", "a.b", "standby_mode", "trigger_file", "unix_socket_directory", "max_connection", "shared_buffer"]

OLD = ["wal_keep_segments", "promote_trigger_file", "force_parallel_mode", "vacuum_defer_cleanup_age", "old_snapshot_threshold", "stats_temp_directory", "sync_replication_slots", "idle_replication_slot_timeout", "summarize_wal", "sort_mem", "vacuum_mem", "default_with_oids", "is_superuser", "seed", "ssl_renegotiation_limit", "lc_collate", "db_user_namespace", "operator_precedence_warning", "ssl_ecdh_curve", "io_method", "huge_page_size"]


def numbers(chance, least, greatest, units, is_real, default):
    """Values of a number, right and wrong."""
    inside = lambda: chance.randint(max(least, -(10**9)), min(greatest, 10**9)) if not is_real else chance.uniform(max(least, -1000), min(greatest, 1000))
    values = [least, greatest, least - 1, greatest + 1, 0, 1, -1, default, inside(), inside()]
    values = [repr(value) if isinstance(value, float) else str(value) for value in values if value != ""]
    some = str(chance.choice([1, 2, 5, 10, 64, 100, 128, 500, 1000, 4096]))
    tries = [
        *(some + unit for unit in units),
        chance.choice(["1.5", "0.4", "0.5", "2.75", "10.01", ".5", "1."]) + chance.choice(units or [""]),
        "-1" + chance.choice(units or ["x"]),
        some + chance.choice(WRONG_UNITS),
        some + chance.choice(WRONG_UNITS),
        some + chance.choice(MEMORY + TIME),
        some + " " + chance.choice(units or ["MB"]),
        chance.choice([" ", "", "\t"]) + some + chance.choice(["", " ", "\t"]),
        "0" + some,
        chance.choice(["010", "08", "0128", "007", "-010", "00", "010.5", "09.5", "0777", "0o17", "0b1"]) + chance.choice(["", *units]),
        chance.choice(["0x10", "0X1F", "0xg", "0x", "0x1.8", "-0x10", "0x1p3", "0xff"]) + chance.choice(["", *units]),
        chance.choice(["1e2", "1e3", "1E2", "1e", "1e-3", "5e+2", "1e400", "1e-400", "2.5e1"]) + chance.choice(["", *units]),
        chance.choice(["1,1", "1,000", "1_000", "1'000", "1 000", "1.000.000"]),
        chance.choice(["99999999999999999999", "9223372036854775807", "-9223372036854775808", "2147483648", "-2147483649", "4294967296"]),
        chance.choice(["9999999", "99999999", "2147483647"]) + chance.choice(units or [""]),
        chance.choice(["nan", "NaN", "inf", "-inf", "infinity", "Infinity", "inf5"]),
        chance.choice(["", "x", "on", "off", "default", "none", "-", "+", "+5", "--5", "+-1", "5-", "1/2", "50%", "25 %", "auto"]),
        chance.choice(["0.1", "0.5", "1.5", "2.5", "-0.4", "-0.6", "0.49999", "99.9"]),
        chance.choice(["500", "100", "1", "-1", "0.4"]) + chance.choice(units or [""]),
    ]
    return values + tries


def values_of(chance, row):
    name, kind = row["name"], row["vartype"]
    if kind == "bool":
        return chance.sample(BOOLEANS, 14)
    if kind == "enum":
        words = servers.words_of(row["enumvals"])
        return [
            *words[:6],
            *(word.upper() for word in words[:2]),
            *(word[:-1] for word in words[:2]),
            *chance.sample(BOOLEANS, 7),
            *chance.sample(["debug", "info", "fatal", "archive", "hot_standby", "quorum", "nonsense", "TLSv1.4", "default", "replica", "0x1"], 3),
        ]
    if kind in ("integer", "real"):
        is_real = kind == "real"
        number = float if is_real else int
        units = [] if not row["unit"] else MEMORY if row["unit"].endswith("B") else TIME
        return numbers(chance, number(row["min_val"]), number(row["max_val"]), units, is_real, row["boot_val"])
    return TEXTS.get(name, ANY_TEXT)


def quoted(value):
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def make(server, count):
    """Names and values for a server: at least so many, the same at every run."""
    chance = random.Random(f"parameters {server.major}")
    rows = server.settings()
    cases = []
    while len(cases) < count:
        for row in rows:
            for value in values_of(chance, row):
                value = value.replace("\\n", "\n").replace("\\t", "\t")
                name = row["name"]
                if chance.random() < 0.05:
                    name = chance.choice([name.upper(), name.capitalize()])
                cases.append((name, value))
        for name in UNKNOWN + OLD:
            cases += [(name, value) for value in ("1", "on", "64MB", "x")]
        cases = list(dict.fromkeys(cases))
    return [case for case in cases if not is_of_the_machine(*case)]


def is_of_the_machine(name, value):
    """What the machine or the build decides, not the major."""
    name = name.lower()
    # The limit of the stack is the machine's.
    if name == "max_stack_depth":
        return True
    # These servers are built without these libraries, packages with them.
    if name in ("wal_compression", "default_toast_compression", "io_method", "gss_accept_delegation"):
        return True
    return False


def ask(server, cases):
    """Whether the server takes each value: the value in force or True, or None; and its complaints."""
    known = {row["name"].lower() for row in server.settings() if row["context"] != "internal"}
    verdicts = {}
    batches = []
    for case in cases:
        name = case[0].lower()
        if name in ALONE or name in TOGETHER or name not in known:
            verdicts[case] = ask_alone(server, case, known)
            continue
        batch = next((batch for batch in batches if name not in batch), None)
        if batch is None:
            batches.append(batch := {})
        batch[name] = case
    for batch in batches:
        verdicts |= ask_together(server, batch, known)
    return [verdicts[case] for case in cases]


def ask_together(server, batch, known):
    """Values of different parameters in one file: the server names those that it refuses, and then takes the others."""
    left, verdicts = dict(batch), {}
    while left:
        printed, complaints = server.print_parameter([setting(case) for case in left.values()])
        if printed is not None:
            verdicts |= {case: (True, "") for case in left.values()}
            break
        refused = {name.lower() for name in re.findall(r'parameter "([^"]+)"', complaints)} & left.keys()
        if not refused:
            verdicts |= {case: ask_alone(server, case, known) for case in left.values()}
            break
        for name in refused:
            verdicts[left.pop(name)] = (None, complaints)
    return verdicts


def ask_alone(server, case, known):
    name = case[0].lower()
    printed, complaints = server.print_parameter([setting(case)], name if name in known else "port")
    # Servers with very many processes start slowly, and are compared with their limit only near it; what is compared with
    # `max_connections` ends them at once.
    ends_at_once = "reserved" in name or (name == "max_wal_senders" and server.major < 12)
    is_slow = not ends_at_once and (printed or "").isdigit() and 1_000 < int(printed) < 262_000
    if printed is not None and name in TOGETHER and not is_slow:
        starts, log = server.starts([setting(case)])
        if not starts and "shared memory" not in log and "semaphores" not in log:
            return None, log
    return printed, complaints


def setting(case):
    return f"{case[0]} = {quoted(case[1])}"


def judge(cases):
    """What m1c says of lines: `taken: …` or `refused: …`."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "values.tsv")
        with open(path, "w", newline="\n") as file:
            file.writelines(line(*case) + "\n" for case in cases)
        subprocess.run(
            ["cargo", "test", "--quiet", "judges_a_list_of_values"],
            cwd=ROOT,
            env=os.environ | {"M1C_PARAMETERS": path},
            check=True,
            capture_output=True,
        )
        with open(path + ".judged", newline="\n") as file:
            return file.read().split("\n")[:-1]


def line(major, name, value):
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return f"{major}\t{name}\t{escaped}"


def is_same(printed, mine):
    """Whether both take a value, or both refuse it; and where m1c says what it means, whether the server does too."""
    if printed is None or mine.startswith("refused"):
        return printed is None and mine.startswith("refused")
    if printed is True:
        return True
    meaning = mine.removeprefix("taken").removeprefix(": ")
    return not meaning or meaning == printed


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--majors", default=",".join(map(str, servers.VERSIONS)))
    arguments.add_argument("--values", type=int, default=4000)
    arguments.add_argument("--show", type=int, default=40)
    arguments.add_argument("--answers", help="a folder that keeps what the servers said")
    arguments.add_argument("--record", action="store_true")
    options = arguments.parse_args()
    majors = [int(major) for major in options.majors.split(",")]
    by_major = {}
    for major in majors:
        kept = options.answers and pathlib.Path(options.answers) / f"{major}.json"
        if kept and kept.exists():
            by_major[major] = [((name, value), tuple(said)) for (name, value), said in json.loads(kept.read_text())]
            continue
        server = servers.Server(major)
        cases = make(server, options.values)
        by_major[major] = list(zip(cases, ask(server, cases), strict=True))
        print(f"{major}: asked the server about {len(cases)} values", flush=True)
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(by_major[major]))
    ours = iter(judge([(major, *case) for major, asked in by_major.items() for case, _ in asked]))
    differences, recorded = 0, []
    for major, asked in by_major.items():
        different = []
        for (name, value), (printed, complaints) in asked:
            mine = next(ours)
            if name.lower() in ADJUSTED and printed is not None:
                printed = True
            if not is_same(printed, mine):
                different.append((name, value, printed, complaints.strip().splitlines()[:1], mine))
        for difference in different[: options.show]:
            print("  ", major, *map(repr, difference))
        differences += len(different)
        taken = sum(printed is not None for _, (printed, _) in asked)
        print(f"{major}: {len(asked)} values, {taken} taken, {len(different)} different")
        if options.record:
            recorded += sample(servers.Server(major), asked)
    if options.record:
        (ROOT / "tests" / "postgres" / "verdicts.tsv").write_text("".join(text + "\n" for text in recorded), newline="\n")
    return 1 if differences else 0


def sample(server, asked):
    """Some of the verdicts, each with the value in force where it is a number or a switch."""
    chance = random.Random(server.major)
    lines = []
    for (name, value), (printed, _) in chance.sample(asked, 120):
        said = "refused" if printed is None else "taken"
        if name in PLAIN and printed is not None:
            printed, _ = server.print_parameter([setting((name, value))], name)
            said += f": {printed}"
        lines.append(f"{line(server.major, name, value)}\t{said}")
    return sorted(lines)


if __name__ == "__main__":
    sys.exit(main())
