"""Programs that this one starts. Each has a process group of its own, and none outlives this one."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading

_running = set()
_ending = threading.Event()


def start(command, env=None, **options):
    """Starts a program with nothing in its environment that could change what it does, but what `env` says."""
    if _ending.is_set():
        raise RuntimeError("the checks are being ended")
    process = subprocess.Popen(
        command, env={**clean_environment(), **(env or {})}, text=True, start_new_session=True, **options
    )
    _running.add(process)
    return process


def run(command, env=None, **options):
    """Runs a program to its end; its output and exit code."""
    process = start(command, env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    output, _ = process.communicate()
    _running.discard(process)
    return output, process.returncode


def stop(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    _running.discard(process)


def stop_all():
    _ending.set()
    for process in list(_running):
        stop(process)


def clean_environment():
    """Without the settings of Terraform, AWS and proxies that the user has."""
    prefixes = ("TF_", "AWS_", "CHECKOV_", "MOTO_", "BC_", "CKV_")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(prefixes) and not name.lower().endswith("_proxy")
    }


atexit.register(stop_all)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
