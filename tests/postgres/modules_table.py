"""Writes `src/facts/parameters/modules.rs`: the parameters of modules of Postgres, as servers that have loaded them say.

    python3 tests/postgres/modules_table.py

Modules that come with Postgres are asked of every major. Others are Debian's packages for PostgreSQL 15, unpacked below
the folder that M1C_MODULES names (else fetched with apt into one below the temporary folder), and are asked of Debian's
server, which must be installed with psql.
"""

import csv
import os
import pathlib
import subprocess
import tempfile

import servers
from parameters_table import CONTEXTS, kind_of, rows_by_major, rust, string

TARGET = pathlib.Path(__file__).parents[2] / "src" / "facts" / "parameters" / "modules.rs"

CONTRIB = [
    "auth_delay", "auto_explain", "basebackup_to_shell", "basic_archive", "isn", "passwordcheck", "pg_prewarm",
    "pg_stat_statements", "pg_trgm", "plpgsql", "postgres_fdw",
]

# Libraries, the packages that have them, and what must be loaded before.
PACKAGES = {
    "hypopg": ("postgresql-15-hypopg", []),
    "pg_cron": ("postgresql-15-cron", []),
    "pg_partman_bgw": ("postgresql-15-partman", []),
    "pg_qualstats": ("postgresql-15-pg-qualstats", []),
    "pg_stat_kcache": ("postgresql-15-pg-stat-kcache", ["pg_stat_statements"]),
    "pg_wait_sampling": ("postgresql-15-pg-wait-sampling", []),
    "pgaudit": ("postgresql-15-pgaudit", []),
    "pglogical": ("postgresql-15-pglogical", []),
    "plpgsql_check": ("postgresql-15-plpgsql-check", []),
    "set_user": ("postgresql-15-set-user", []),
}
DEBIAN = pathlib.Path("/usr/lib/postgresql/15")
HOME = pathlib.Path(os.environ.get("M1C_MODULES", os.path.join(tempfile.gettempdir(), "m1c-modules")))

QUERY = (
    "select name, vartype, coalesce(unit, '') as unit, min_val, max_val, enumvals, context,"
    " coalesce(boot_val, '') as boot_val from pg_settings where name like '%.%' order by name"
)


def ask(program, environment, data, libraries, user, *options):
    """The parameters with a dot of a server that has preloaded libraries."""
    sockets = data.parent
    process = subprocess.Popen(
        [
            program, "-D", str(data), "-k", str(sockets), "-c", "listen_addresses=",
            "-c", f"shared_preload_libraries={','.join(libraries)}", *options,
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        **user,
    )
    try:
        for line in process.stderr:
            if "ready to accept connections" in line:
                break
        else:
            raise RuntimeError(f"{program} does not start with {libraries}")
        done = subprocess.run(
            ["psql", "-X", "-h", str(sockets), "-U", "postgres", "-c", f"copy ({QUERY}) to stdout with (format csv, header true)"],
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        process.terminate()
        process.stderr.read()
        process.wait()
    return list(csv.DictReader(done.stdout.splitlines()))


def described(rows, prefix, major):
    hidden = {row["name"]: [] for row in rows}
    return {
        row["name"]: (kind_of(row, hidden, major), CONTEXTS[row["context"]], row["boot_val"])
        for row in rows
        if row["name"].startswith(prefix)
    }


def of_contrib(server):
    folder = server.native / "lib" / "postgresql"
    libraries = [library for library in CONTRIB if (folder / f"{library}.so").exists()]
    rows = ask(server.program("postgres"), server.environment, server.data(), libraries, server.as_nobody())
    found = {}
    for library in CONTRIB:
        found |= described(rows, library + ".", server.major)
    return found


def of_packages():
    if not HOME.exists():
        HOME.mkdir(parents=True)
        packages = [package for package, _ in PACKAGES.values()]
        subprocess.run(["apt-get", "download", "-qq", *packages], cwd=HOME, check=True)
        for package in HOME.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package.name, "."], cwd=HOME, check=True)
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        os.chmod(scratch, 0o777)
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
        data = scratch / "data"
        initdb = [str(DEBIAN / "bin" / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-N"]
        subprocess.run(initdb, env=environment, check=True, capture_output=True, cwd="/", **user)
        libraries = HOME / "usr" / "lib" / "postgresql" / "15" / "lib"
        path = ["-c", f"dynamic_library_path={libraries}:$libdir"]
        for library, (_, before) in PACKAGES.items():
            rows = ask(str(DEBIAN / "bin" / "postgres"), environment, data, [*before, library], user, *path)
            prefix = {"pg_cron": "cron."}.get(library, library + ".")
            own = described(rows, prefix, 15)
            if not own:
                raise RuntimeError(f"{library} has no parameters")
            found |= own
    return found


def main():
    majors = sorted(servers.VERSIONS)
    by_major = {server.major: of_contrib(server) for server in servers.all_servers()}
    packaged = of_packages()
    table = rows_by_major(by_major)
    table += [[name, majors[0], majors[-1], what] for name, what in packaged.items()]
    table.sort(key=lambda row: row[:2])
    contrib = sorted({name.split(".")[0] for rows in by_major.values() for name in rows})
    others = sorted({name.split(".")[0] for name in packaged})
    lines = [
        "//! The parameters of modules of Postgres, as servers that have loaded them describe them.",
        "//!",
        "//! Written by `tests/postgres/modules_table.py`, not by hand.",
        "",
        "use super::Context::{Any, Reload, Restart, Superuser};",
        "use super::Kind::{Boolean, Enumeration, Integer, Real, Text};",
        "use super::table::row;",
        "use super::{Parameter, Quantity};",
        "",
        "/// What the parameters of modules that come with Postgres begin with: all of theirs are known, for every major.",
        "#[rustfmt::skip]",
        f"pub(super) static OF_POSTGRES: &[&str] = &[{', '.join(map(string, contrib))}];",
        "",
        "/// What those of others begin with. Other releases of them may have more.",
        "#[rustfmt::skip]",
        f"pub(super) static OF_OTHERS: &[&str] = &[{', '.join(map(string, others))}];",
        "",
        "/// Sorted by name, then by major.",
        "#[rustfmt::skip]",
        "pub(super) static PARAMETERS: &[Parameter] = &[",
        *map(rust, table),
        "];",
        "",
    ]
    TARGET.write_text("\n".join(lines))
    print(f"{len(table)} rows, {len({row[0] for row in table})} parameters")


if __name__ == "__main__":
    main()
