#!/usr/bin/env bash
# Version    Patroni 4.1.5 (PyPI)
# Behaviour  The tag `nofailover: "false"`, a text, counts as true: Patroni takes
#            the truth of Python, where only an empty text is false. The node is
#            never promoted; the other members pass over it as well. Reading the
#            file logs nothing. `patroni --validate-config`, a separate step,
#            objects.
# A guess    The text is read as those of Patroni's switches are, where "false"
#            and "off" are false, or it is refused.
# Seen       the switch pause: "false"   False
#            nofailover: false           False
#            nofailover: "false"         True, not allowed to promote
#            nofailover: "off"           True, not allowed to promote
#            nofailover: ""              False
# Needs      python3 with venv; no cluster, since Patroni's own code is asked.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check 'patroni[etcd3]==4.1.5' psycopg2-binary

cd "$scratch"
"$scratch/venv/bin/python" - <<'PYTHON'
import json
import logging
import pathlib
import sys
from types import SimpleNamespace

from patroni import global_config
from patroni.config import Config
from patroni.dcs import Member
from patroni.ha import _MemberStatus
from patroni.tags import Tags

FILE = """scope: speedy
name: db2
etcd3: {host: 127.0.0.1:2379}
restapi: {listen: 127.0.0.1:8008, connect_address: 127.0.0.1:8008}
postgresql: {listen: 127.0.0.1:5432, connect_address: 127.0.0.1:5432, data_dir: data}
tags: {nofailover: %s}
"""


class Node(Tags):
    """What the daemon of a node is to Patroni: something with tags."""

    def __init__(self, tags):
        self.own = tags

    @property
    def tags(self):
        return self.own


logged = []
handler = logging.Handler()
handler.emit = lambda record: logged.append(record.getMessage())
logging.basicConfig(level=logging.INFO, handlers=[handler])
stored = SimpleNamespace(config=SimpleNamespace(modify_version=1, data={"pause": "false"}))
switch = global_config.from_cluster(stored).check_mode("pause")
print(f'the switch pause: "false"   {switch}')
changed = switch is not False
for text, expected in [("false", False), ('"false"', True), ('"off"', True), ('""', False)]:
    pathlib.Path("patroni.yml").write_text(FILE % text)
    written = Config("patroni.yml")["tags"]
    own = Node(written).nofailover
    # The others read what the node says of itself.
    data = {"conn_url": "postgres://127.0.0.1/", "tags": written}
    member = Member.from_node(1, "db2", "session", json.dumps(data))
    limitation = _MemberStatus(member, True, True, 1, {"tags": member.data["tags"]}).failover_limitation()
    print(f"nofailover: {text:7}         {own}" + (f", {limitation}" if limitation else ""))
    changed |= own is not expected or member.nofailover is not expected
    changed |= (limitation == "not allowed to promote") is not expected
sys.exit("the behaviour has changed" if changed or logged else 0)
PYTHON
