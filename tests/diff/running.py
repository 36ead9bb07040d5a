"""Servers that run, as primary or standby, for the scripts beside this one. Needs psql."""

import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "postgres"))

import servers  # noqa: E402


class Running:
    """A server on a folder of its own, reached by its socket alone."""

    def __init__(self, server, data, port):
        self.server = server
        self.data = pathlib.Path(data)
        self.port = port
        self.process = None
        self.sockets = self.data.parent
        self.log = self.sockets / f"log-{port}"

    def configure(self, lines):
        (self.data / "postgresql.conf").write_text("".join(f"{line}\n" for line in lines))

    def start(self, timeout=60):
        """Whether it accepts connections after some time."""
        log = self.log.open("a")
        self.process = subprocess.Popen(
            [self.server.program("postgres"), "-D", str(self.data), "-k", str(self.sockets)]
            + ["-p", str(self.port), "-c", "listen_addresses="],
            env=self.server.environment,
            stdout=log,
            stderr=log,
            cwd="/",
            **self.server.as_nobody(),
        )
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.is_alive():
            if self.ask("select 1", check=False) == "1":
                return True
            time.sleep(0.2)
        return False

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        if self.is_alive():
            # A fast shutdown.
            self.process.send_signal(2)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def ask(self, statement, check=True):
        done = subprocess.run(
            ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.sockets), "-p", str(self.port)]
            + ["-U", "postgres", "-d", "postgres", "-c", statement],
            capture_output=True,
            text=True,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{statement}: {done.stderr}")
        return done.stdout.strip() if done.returncode == 0 else None

    def said(self, words):
        return words in self.log.read_text(errors="replace")

    def copy(self, name, port):
        """A copy of the folder of a server that is stopped."""
        data = self.data.parent / name
        shutil.copytree(self.data, data, copy_function=shutil.copy2)
        if self.server.as_nobody():
            subprocess.run(["chown", "-R", "nobody:nogroup", str(data)], check=True)
        data.chmod(0o700)
        return Running(self.server, data, port)
