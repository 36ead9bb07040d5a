"""Shows on real servers what `m1c diff` says of the parameters that a standby needs as high as its primary.

    python3 tests/diff/standby_first.py [--majors 13,17]

A primary and a standby of each major. Raised on the primary first the standby stops or pauses, raised on the standby first
both go on; lowered on the standby first it stops, lowered on the primary first both go on. Needs what settings.py needs.
"""

import argparse
import time

from running import Running, servers

PARAMETERS = {
    "max_connections": (60, 80),
    "max_worker_processes": (8, 16),
    "max_wal_senders": (10, 14),
    "max_prepared_transactions": (0, 10),
    "max_locks_per_transaction": (64, 128),
}
# The first major in which a standby pauses.
PAUSES_SINCE = 14


class Pair:
    """A primary, and a standby that streams from it."""

    def __init__(self, server):
        self.primary = Running(server, server.data(), 5441)
        (self.primary.data / "pg_hba.conf").write_text("local all all trust\nlocal replication all trust\n")
        # What it has when it is copied is what the standby needs at first.
        self.primary.configure([f"{name} = {low}" for name, (low, _) in PARAMETERS.items()])
        if not self.primary.start():
            raise RuntimeError(self.primary.log.read_text())
        self.primary.stop()
        self.standby = self.primary.copy("standby", 5442)
        (self.standby.data / "standby.signal").touch()
        low = {name: value for name, (value, _) in PARAMETERS.items()}
        self.values = {self.primary: dict(low), self.standby: dict(low)}

    def write(self, running, name, value):
        self.values[running][name] = value
        lines = [f"{name} = {value}" for name, value in self.values[running].items()]
        if running is self.standby:
            lines.append(
                f"primary_conninfo = 'host={self.primary.sockets} port={self.primary.port} user=postgres'"
            )
        running.configure([*lines, "wal_retrieve_retry_interval = 200ms"])

    def restart(self, running, timeout=25):
        running.stop()
        return running.start(timeout)

    def begin(self, name, value):
        """Both run with this value, and the standby replays."""
        self.stop()
        # The standby may know of more than it is to have.
        for running in (self.primary, self.standby):
            self.write(running, name, value)
        high = max(PARAMETERS[name])
        self.write(self.standby, name, high)
        self.must_start(self.primary)
        self.must_start(self.standby)
        self.wait()
        self.write(self.standby, name, value)
        self.standby.stop()
        self.must_start(self.standby)
        self.wait()

    def must_start(self, running):
        if not running.start():
            raise RuntimeError("it does not start:\n" + running.log.read_text()[-2000:])

    def replays(self, timeout=15):
        """Whether what the primary writes arrives on the standby."""
        lsn = self.primary.ask("select txid_current(); select pg_current_wal_insert_lsn()").splitlines()[-1]
        self.primary.ask("checkpoint")
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.standby.is_alive():
            if self.standby.ask(f"select pg_last_wal_replay_lsn() >= '{lsn}'", check=False) == "t":
                return True
            time.sleep(0.3)
        return False

    def wait(self):
        if not self.replays(40):
            raise RuntimeError("the standby does not replay:\n" + self.standby.log.read_text()[-2000:])

    def state(self):
        """What became of the standby."""
        if self.replays():
            return "replays"
        return "pauses" if self.standby.is_alive() else "stops"

    def stop(self):
        self.standby.stop()
        self.primary.stop()


def check(pair, major, name):
    low, high = PARAMETERS[name]
    expected = {
        "raised on the primary first": "stops" if major < PAUSES_SINCE else "pauses",
        "raised on the standby first": "replays",
        "lowered on the standby first": "stops",
        "lowered on the primary first": "replays",
    }
    found = {}
    for way in expected:
        begin, end = (low, high) if way.startswith("raised") else (high, low)
        first, second = (pair.primary, pair.standby) if "primary" in way else (pair.standby, pair.primary)
        pair.begin(name, begin)
        pair.write(first, name, end)
        pair.restart(first)
        found[way] = pair.state()
        if found[way] == "replays":
            pair.write(second, name, end)
            pair.restart(second)
            found[way] = pair.state()
    wrong = {way: state for way, state in found.items() if state != expected[way]}
    for way, state in found.items():
        print(f"{major}: {name} {way}: the standby {state}{'' if way not in wrong else ', expected ' + expected[way]}", flush=True)
    return len(wrong)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--majors", default="13,17")
    parser.add_argument("--parameters", default=",".join(PARAMETERS))
    options = parser.parse_args()
    wrong = 0
    for major in map(int, options.majors.split(",")):
        pair = Pair(servers.Server(major))
        try:
            wrong += sum(check(pair, major, name) for name in options.parameters.split(","))
        finally:
            pair.stop()
    print(f"{wrong} different")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
