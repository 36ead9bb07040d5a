#!/usr/bin/env python3
"""Compares two builds of m1c: `benches/paired.py NEW OLD`.

Both run in turn, so that a machine whose speed drifts slows both; what counts is the ratio of each pair, of which the
median is printed: of the CPU time in the program and the system. One run more each gives the peak memory, with GNU time,
and the instructions, with valgrind, which no load changes. COUNT says how many sources a folder has, RUNS how many pairs run.
"""

import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

COUNT = int(os.environ.get("COUNT", "1000"))
RUNS = int(os.environ.get("RUNS", "15"))
PLATFORMS = ["aws", "docker { os Rocky 9 }", "bare"]

# What every build of m1c since its first release takes.
ONE = """\
use profiles

cluster payments {
  include profiles.production-large

  postgres postgresql 16
  failover efm
  platform bare { user = ansible }

  location paris {
    primary kestrel { address = 10.0.1.1; backup = heron }
    replica merlin  { address = 10.0.1.2 }
    barman  heron   { address = 10.0.1.9 }
  }

  location london {
    replica osprey  { address = 10.0.2.1; backup = dipper }
    replica harrier { address = 10.0.2.2 }
    barman  dipper  { address = 10.0.2.9 }
  }

  location zurich { witness robin { address = 10.0.3.1 } }

  vars {
    postgres_conf_settings = { max_slot_wal_keep_size = 150GB }
    efm_conf_settings      = { ping.server.ip = "10.0.0.1" }
    postgres_databases     = [{ name = payments; owner = payments }]
    postgres_users         = [{ username = payments; generate_password = true }]
    postgres_hba_settings  = ["hostssl payments payments 10.0.0.0/8 scram-sha-256"]
  }
}
"""


def sources(folder):
    """Small sources that differ in name, platform and number of nodes."""
    for number in range(COUNT):
        (folder / f"c{number:05}.m1").write_text(
            f"cluster c{number:05} {{\n"
            "  postgres postgresql 16\n"
            "  failover repmgr\n"
            f"  platform {PLATFORMS[number % 3]}\n"
            f"  location main {{ data {number % 4 + 1} }}\n"
            "}\n"
        )


def run(command):
    """CPU seconds."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(command, **quiet)
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime


def memory(command):
    """Peak memory in kB; nothing without GNU time. What Python itself knows of a child counts Python's own memory too."""
    if not os.path.exists("/usr/bin/time"):
        return None
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True)
    return int(done.stderr.split()[-1])


def ratio(measured):
    new, old = measured
    return f"{new / old:.2f}" if new and old else "-"


def instructions(command):
    """Instructions in the program, on one thread; nothing without valgrind."""
    if not shutil.which("valgrind"):
        return None
    counting = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    one_thread = {**os.environ, "RAYON_NUM_THREADS": "1"}
    done = subprocess.run(counting, capture_output=True, text=True, env=one_thread)
    found = re.search(r"refs:\s+([\d,]+)", done.stderr)
    return int(found[1].replace(",", "")) if found else None


def compare(words, out, new, old):
    """Prints the ratios of one command, for which `out` is an empty folder."""

    def command(program):
        shutil.rmtree(out, ignore_errors=True)
        return [program, *words]

    pairs = [(run(command(new)), run(command(old))) for _ in range(RUNS + 1)][1:]
    cpu = statistics.median(a / max(b, 1e-6) for a, b in pairs)
    peak = ratio([memory(command(program)) for program in (new, old)])
    counted = ratio([instructions(command(program)) for program in (new, old)])
    shown = " ".join(pathlib.Path(word).name for word in words)
    print(f"{shown:34} {cpu:8.2f} {peak:>8} {counted:>12}", flush=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    new, old = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        many, one = pathlib.Path(folder, "many"), pathlib.Path(folder, "one.m1")
        many.mkdir()
        sources(many)
        one.write_text(ONE)
        print(f"{'ratios NEW / OLD':34} {'CPU':>8} {'memory':>8} {'instructions':>12}")
        out = pathlib.Path(folder, "out")
        for words in (
            ["--version"],
            ["lint", "--exit-zero", str(one)],
            ["build", str(one), "--out", str(out)],
            ["lint", "--exit-zero", str(many)],
            ["build", str(many), "--out", str(out)],
        ):
            compare(words, out, new, old)


if __name__ == "__main__":
    main()
