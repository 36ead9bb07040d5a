"""Writes `src/facts/parameters/table.rs`: every parameter of every major, as the running servers describe them.

    python3 tests/postgres/parameters_table.py

`pg_settings` has names, types, units, ranges, words, contexts and defaults. What it hides is found by asking: the words of
enumerations that it does not list, and the parameters that no view shows.
"""

import pathlib
import re

import servers

TARGET = pathlib.Path(__file__).parents[2] / "src" / "facts" / "parameters" / "table.rs"

# Words that may be hidden: what switches used to be, and the names of old.
CANDIDATES = ["true", "false", "yes", "no", "1", "0", "on", "off", "debug", "info", "fatal", "panic", "archive", "hot_standby"]

# Words that Debian's, PGDG's and EDB's packages have, which are built with more libraries than these servers.
PACKAGED = {
    "wal_compression": (15, ["lz4", "zstd"]),
    "default_toast_compression": (14, ["lz4"]),
    "io_method": (18, ["io_uring"]),
}

# Parameters that are in no view: name, first, last, kind, context, default.
HIDDEN = [
    ("default_with_oids", 12, 18, "Boolean", "Any", "off"),
    ("is_superuser", 11, 13, "Boolean", "Internal", "off"),
    ("role", 11, 18, "Text", "Any", "none"),
    ("seed", 11, 18, "Real(Quantity::Number, -1.0, 1.0)", "Any", "0"),
    ("session_authorization", 11, 18, "Text", "Any", ""),
    ("ssl_renegotiation_limit", 11, 18, "Integer(Quantity::Kilobytes, 0, 0)", "Any", "0"),
]

# Names that the servers take for another: old, first, last, the name that it has become.
ALIASES = [("sort_mem", 11, 18, "work_mem"), ("vacuum_mem", 11, 18, "maintenance_work_mem"), ("ssl_ecdh_curve", 18, 18, "ssl_groups")]

QUANTITIES = {
    "": "Number",
    "B": "Bytes",
    "kB": "Kilobytes",
    "8kB": "Blocks",
    "MB": "Megabytes",
    "ms": "Milliseconds",
    "s": "Seconds",
    "min": "Minutes",
}

CONTEXTS = {
    "internal": "Internal",
    "postmaster": "Restart",
    "sighup": "Reload",
    "superuser-backend": "Connection",
    "backend": "Connection",
    "superuser": "Superuser",
    "user": "Any",
}


def string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def strings(words):
    return "&[" + ", ".join(string(word) for word in words) + "]"


def hidden_words(server, enumerations):
    """The words that each enumeration takes beside those that it lists."""
    candidates = sorted({word for words in enumerations.values() for word in words} | set(CANDIDATES))
    found = {name: [] for name in enumerations}
    # What goes to the log decides about complaints itself, so it is asked for apart.
    loud = [name for name in enumerations if name != "log_min_messages"]
    for word in candidates:
        refused = set()
        for names in (loud, ["log_min_messages"]):
            value, complaints = server.print_parameter([f"{name} = '{word}'" for name in names])
            if names is loud:
                refused |= set(re.findall(r'invalid value for parameter "([^"]+)"', complaints))
            elif value is None:
                refused |= set(names)
        for name, words in enumerations.items():
            if name not in refused and word not in words:
                found[name].append(word)
    return found


def real(text):
    """A number of Rust, as exact as the server prints it."""
    value = float(text)
    if abs(value) >= 1e300:
        return "f64::MAX" if value > 0 else "f64::MIN"
    return f"{value:_}" if value != int(value) else f"{int(value):_}.0"


def whole(text):
    value = int(text)
    return "i32::MIN" if value == -(2**31) else "i32::MAX" if value == 2**31 - 1 else f"{value:_}"


def kind_of(row, hidden, major):
    quantity = f"Quantity::{QUANTITIES[row['unit']]}"
    match row["vartype"]:
        case "bool":
            return "Boolean"
        case "integer":
            least, greatest = whole(row["min_val"]), whole(row["max_val"])
            return f"Integer({quantity}, {least}, {greatest})"
        case "real":
            return f"Real({quantity}, {real(row['min_val'])}, {real(row['max_val'])})"
        case "string":
            return "Text"
        case "enum":
            words = servers.words_of(row["enumvals"])
            first, more = PACKAGED.get(row["name"], (99, []))
            words += [word for word in more if major >= first and word not in words]
            return f"Enumeration({strings(words)}, {strings(hidden[row['name']])})"
    raise ValueError(row)


def rows_of(server):
    settings = server.settings()
    enumerations = {
        row["name"]: servers.words_of(row["enumvals"])
        for row in settings
        if row["vartype"] == "enum" and row["context"] != "internal"
    }
    hidden = hidden_words(server, enumerations)
    hidden |= {row["name"]: [] for row in settings if row["name"] not in hidden}
    # The server's own version is no default.
    defaults = {row["name"]: "" if row["name"].startswith("server_version") else row["boot_val"] for row in settings}
    return {
        row["name"]: (kind_of(row, hidden, server.major), CONTEXTS[row["context"]], defaults[row["name"]])
        for row in settings
    }


def rows_by_major(by_major):
    """A row for each name and the majors after each other that say the same: name, first, last, what they say."""
    table = []
    for name in sorted({name for rows in by_major.values() for name in rows}):
        for major in sorted(by_major):
            what = by_major[major].get(name)
            if what is None:
                continue
            previous = table[-1] if table else None
            if previous and previous[0] == name and previous[2] == major - 1 and previous[3] == what:
                previous[2] = major
            else:
                table.append([name, major, major, what])
    return table


def rust(row):
    name, first, last, (kind, context, default) = row
    return f"    row({string(name)}, {first}, {last}, {kind}, {context}, {string(default)}),"


def main():
    majors = sorted(servers.VERSIONS)
    by_major = {server.major: rows_of(server) for server in servers.all_servers()}
    for name, first, last, *rest in HIDDEN:
        for major in range(first, last + 1):
            by_major[major].setdefault(name, tuple(rest))
    table = sorted(rows_by_major(by_major), key=lambda row: (row[0].lower(), row[1]))
    lines = [
        "//! Every parameter of Postgres, as running servers of each major describe them.",
        "//!",
        "//! Written by `tests/postgres/parameters_table.py`, not by hand.",
        "",
        "use super::Context::{Any, Connection, Internal, Reload, Restart, Superuser};",
        "use super::Kind::{Boolean, Enumeration, Integer, Real, Text};",
        "use super::{Context, Kind, Parameter, Quantity};",
        "",
        "/// The majors that the table knows.",
        f"pub(super) const MAJORS: (u32, u32) = ({majors[0]}, {majors[-1]});",
        "",
        "/// Names of old that the servers still take, from one major to another, and the parameters that they mean.",
        "#[rustfmt::skip]",
        "pub(super) static ALIASES: &[(&str, u32, u32, &str)] = &[",
        *(f"    ({string(old)}, {first}, {last}, {string(new)})," for old, first, last, new in ALIASES),
        "];",
        "",
        "pub(super) const fn row(",
        "    name: &'static str,",
        "    first: u32,",
        "    last: u32,",
        "    kind: Kind,",
        "    context: Context,",
        "    default: &'static str,",
        ") -> Parameter {",
        "    Parameter {",
        "        name,",
        "        first,",
        "        last,",
        "        kind,",
        "        context,",
        "        default,",
        "    }",
        "}",
        "",
        "/// Sorted by name in small letters, then by major. A row holds from its first major to its last.",
        "#[rustfmt::skip]",
        "pub(super) static PARAMETERS: &[Parameter] = &[",
    ]
    lines += [*map(rust, table), "];", ""]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(lines))
    print(f"{len(table)} rows, {len({row[0] for row in table})} parameters")


if __name__ == "__main__":
    main()
