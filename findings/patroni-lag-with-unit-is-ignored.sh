#!/usr/bin/env bash
# Version    Patroni 4.1.5 (PyPI)
# Behaviour  `maximum_lag_on_failover: 10MB` in the dynamic configuration is
#            stored as it is, and counts as the default, 1048576 bytes. A standby
#            5 MB behind is not promoted. The log says nothing at any level.
#            `patroni --validate-config`, a separate step, objects to the text in
#            a file's `bootstrap.dcs`; what is stored later it does not see.
# A guess    Ten megabytes, since Patroni converts the units of PostgreSQL's own
#            parameters, or an error.
# Seen       10MB      stored: True, counts as 1048576, 5 MB behind is too much: True, logged: []
#            10485760  stored: True, counts as 10485760, 5 MB behind is too much: False, logged: []
# Needs      python3 with venv; no cluster, since Patroni's own code is asked.
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check 'patroni[etcd3]==4.1.5' psycopg2-binary

cd "$scratch"
cat >patroni.yml <<'YAML'
scope: speedy
name: db2
etcd3: {host: 127.0.0.1:2379}
restapi: {listen: 127.0.0.1:8008, connect_address: 127.0.0.1:8008}
postgresql: {listen: 127.0.0.1:5432, connect_address: 127.0.0.1:5432, data_dir: data}
YAML
"$scratch/venv/bin/python" - <<'PYTHON'
import logging
import sys
from types import SimpleNamespace

from patroni import global_config
from patroni.config import Config
from patroni.ha import Ha

logged = []
handler = logging.Handler()
handler.emit = lambda record: logged.append(record.getMessage())
config = Config("patroni.yml")
logging.basicConfig(level=logging.DEBUG, handlers=[handler])

MB = 1024 * 1024
changed = False
for value, expected in [("10MB", MB), (10 * MB, 10 * MB)]:
    # What `patronictl edit-config` leaves in the store, and what each node then does with it.
    stored = config.set_dynamic_configuration({"maximum_lag_on_failover": value})
    entry = SimpleNamespace(modify_version=1, data=config.dynamic_configuration)
    global_config.update(SimpleNamespace(config=entry))
    counts = global_config.maximum_lag_on_failover
    ha = object.__new__(Ha)
    ha.cluster = SimpleNamespace(status=SimpleNamespace(last_lsn=105 * MB))
    lags = ha.is_lagging(100 * MB)
    print(f"{value!s:8}  stored: {stored}, counts as {counts}, 5 MB behind is too much: {lags}, logged: {logged}")
    changed |= not stored or counts != expected or lags is not (expected < 5 * MB) or logged != []
sys.exit("the behaviour has changed" if changed else 0)
PYTHON
