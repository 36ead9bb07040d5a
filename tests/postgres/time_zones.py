"""Writes `src/facts/time_zones.rs`: the time zones of all servers, and of this machine, which may be newer.

    python3 tests/postgres/time_zones.py

Debian's and PGDG's servers read the zones of the machine's tzdata, others bring their own: a name of any of them counts.
"""

import pathlib

import servers

TARGET = pathlib.Path(__file__).parents[2] / "src" / "facts" / "time_zones.rs"
SYSTEM = pathlib.Path("/usr/share/zoneinfo")


def zones(root):
    files = (path for path in root.rglob("*") if path.is_file() and path.read_bytes()[:4] == b"TZif")
    names = (str(path.relative_to(root)) for path in files)
    return {name for name in names if not name.startswith(("posix/", "right/")) and name not in ("localtime", "posixrules")}


def main():
    roots = [server.native / "share" / "postgresql" / "timezone" for server in servers.all_servers()]
    names = sorted(set().union(*(zones(root) for root in [*roots, SYSTEM])), key=str.lower)
    lines = [
        "//! Time zones that servers of Postgres know by name.",
        "//!",
        "//! Written by `tests/postgres/time_zones.py`, not by hand.",
        "",
        "/// Sorted by name in small letters.",
        "#[rustfmt::skip]",
        "pub static NAMES: &[&str] = &[",
    ]
    line = "   "
    for name in names:
        word = f' "{name}",'
        if len(line) + len(word) > 118:
            lines.append(line)
            line = "   "
        line += word
    TARGET.write_text("\n".join([*lines, line, "];", ""]))
    print(f"{len(names)} zones")


if __name__ == "__main__":
    main()
