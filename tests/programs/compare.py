#!/usr/bin/env python3
"""Values of cron, PgBouncer, Barman and HAProxy: what the programs themselves say, and what `m1c lint` says.

    compare.py M1C cron|pgbouncer|barman|haproxy [--record FILE]

Prints each difference, and fails if there is one. `--record` writes what the program says, which `cargo test` holds m1c
to. `run.sh` installs the programs and calls this.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

MACHINES = """instance_defaults: {{platform: bare, vars: {{ansible_user: root}}}}
instances:
- {{Name: db1, node: 1, ip_address: 10.0.0.1, role: [primary], backup: bk}}
- {{Name: db2, node: 2, ip_address: 10.0.0.2, role: [replica, pgbouncer], upstream: db1}}
- {{Name: bk, node: 3, ip_address: 10.0.0.3, role: [barman]}}
- {{Name: proxy, node: 4, ip_address: 10.0.0.4, role: [haproxy], vars: {{haproxy_backend_servers: [db1, db2]}}}}
"""
CONFIG = """architecture: M1
cluster_name: speedy
cluster_tags: {{}}
cluster_vars:
  failover_manager: repmgr
  postgres_flavour: postgresql
  postgres_version: '14'
  pgbouncer_package_version: '1.18*'
  {name}: {value}
""" + MACHINES


def lint(m1c, values, rules, levels):
    """Whether m1c refuses each value: it has a finding of these rules and levels."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (name, value) in enumerate(values):
            path = pathlib.Path(folder) / f"{number:04}.yml"
            path.write_text(CONFIG.format(name=name, value=json.dumps(value)))
            paths.append(path)
        done = subprocess.run(
            [m1c, "lint", "--format", "json", *map(str, paths)], stdout=subprocess.PIPE, text=True
        )
    said = {}
    for line in done.stdout.splitlines():
        finding = json.loads(line)
        if finding["code"] in rules and finding["level"] in levels:
            said.setdefault(pathlib.Path(finding["file"]).name, []).append(finding["message"])
    return [said.get(path.name, []) for path in paths]


# cron

CRON = """
0 4 * * *|0 25 * * *|0 24 * * *|60 4 * * *|59 23 31 12 7|0 4 * * wed,sat|36 5 * * *|0 4 * * 8|0 4 0 * *|0 4 32 * *
0 4 * 0 *|0 4 * 13 *|*/5 * * * *|*/0 * * * *|*/61 * * * *|0/5 * * * *|0 0/6 * * *|0 */6 * * *|0 0-23/6 * * *|0 0-24/6 * * *
0 22-2 * * *|0 4 * * fri-mon|0 4 * * mon-fri|0 4 * * sat-sun|0 4 * * sun-sat|0 4 * * 1-5|0 4 * * 5-7|0 4 * * 5#2|0 4 L * *|0 4 * * 5L
0 4 ? * *|0 4 * * ?|0 4 15W * *|0 4 * * monday|0 4 * * Mon|0 4 * * MON|0 4 * * mon,|0 4 * * ,mon|0 4 * * mon,wed,fri|0 4 * jan *
0 4 * january *|0 4 * JAN-MAR *|0 4 * jan,jul *|0 4 * jan-13 *|jan 4 * * *|0 mon * * *|0 4 mon * *|0 4 * mon *|0 4 * * jan|-5 4 * * *
5- 4 * * *|5-10 4 * * *|5-10-15 4 * * *|5-10/2 4 * * *|5-10/0 4 * * *|5-10/x 4 * * *|5/2 4 * * *|*/x 4 * * *|*/ 4 * * *|* * * * *
** 4 * * *|*5 4 * * *|5* 4 * * *|5.5 4 * * *|5;6 4 * * *|5x 4 * * *|x5 4 * * *|0x10 4 * * *|00 04 * * *|000 004 01 01 0
1,2,3 4 * * *|1,,3 4 * * *|1,60 4 * * *|1-60 4 * * *|0,30 4,16 * * *|0 4,24 * * *|0 4 1,15 * *|0 4 1,32 * *|0 4 1-7 * sun|0 4 30 2 *
0 4 31 4,6 *|0 4 29 2 *|~ 4 * * *|0~30 4 * * *|H 4 * * *|H/15 * * * *|R 4 * * *|? 4 * * *|0 4 * * 0-7|0 4 * * 7-0
0 4 * * 1/2|0 4 * * */2|0 4 */2 * *|0 4 1-31/2 * *|0 4 1/2 * *|0 4 * */3 *|0 4 * 1/3 *|0 4 * 1-12/3 *|0 4 * 1-12/0 *|0 4 * * tue-thu/2
0 four * * *|0 4am * * *|0 4:00 * * *|0 04:30 * * *|0h 4 * * *|30m 4 * * *|100 4 * * *|0 100 * * *|0 4 100 * *|0 4 * 100 *
0 4 * * 100|0 4 * * -1|0 -1 * * *|0 4 -1 * *|+5 4 * * *|0 4 * * sun,mon,tue,wed,thu,fri,sat|0 4 * * sunday|0 4 * * su|0 4 * * sund|0 4 last * *
"""


def cron_values():
    return [("barman_backup_interval", text) for line in CRON.split("\n") for text in line.split("|") if text]


def cron_refuses(values, folder):
    verdicts = []
    for _, text in values:
        path = folder / "crontab"
        path.write_text(f"{text} /bin/true\n")
        done = subprocess.run(["crontab", "-n", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        verdicts.append(done.returncode != 0)
    return verdicts


# PgBouncer

INI = """[databases]
{databases}
[pgbouncer]
listen_port = 6989
listen_addr = 127.0.0.1
auth_type = any
unix_socket_dir =
logfile = {folder}/log
pidfile = {folder}/pid
{setting}
"""
SETTINGS = {
    "pgbouncer_pool_mode": "pool_mode",
    "pgbouncer_max_client_conn": "max_client_conn",
    "pgbouncer_default_pool_size": "default_pool_size",
    "pgbouncer_server_login_retry": "server_login_retry",
    "server_fast_close": "server_fast_close",
}


def pgbouncer_values():
    values = []
    modes = "session transaction statement Session TRANSACTION sTatement transactional trans tx sessions session_pooling"
    for mode in modes.split() + ["statment", "none", "connection", "0"]:
        values.append(("pgbouncer_pool_mode", mode))
        values.append(("pgbouncer_databases", [{"name": "app", "options": {"pool_mode": mode}}]))
    for number in [-1, 0, 1, 5, 15, 60]:
        values.append(("pgbouncer_server_login_retry", number))
    for number in [1, 20, 100, 1000]:
        values.append(("pgbouncer_max_client_conn", number))
        values.append(("pgbouncer_default_pool_size", number))
    for number in [0, 1]:
        values.append(("server_fast_close", number))
    options = """
    dbname=app|host=db1|port=5432|port=6432|port=0|port=abc|port=5432x|port=99999|port=-1|user=app|password=x|auth_user=app
    client_encoding=UTF8|datestyle=ISO|timezone=UTC|pool_size=10|pool_size=abc|pool_size=10k|min_pool_size=2
    reserve_pool=3|max_db_connections=50|connect_query=x|application_name=a|sslmode=require|hostaddr=10.0.0.1|database=app
    username=app|default_pool_size=10|pgbouncer_pool_mode=session|max_client_conn=5|pool_mod=session|poolsize=5
    Host=db1|HOST=db1|dbName=app|auth_dbname=x|auth_query=x|load_balance_hosts=disable|max_db_client_connections=5
    reserve_pool_size=3|server_lifetime=60|server_idle_timeout=60|query_timeout=5|auth_type=md5|auth_file=x
    max_user_connections=5|server_tls_sslmode=require|connect_timeout=5|target_session_attrs=read-write|options=x
    search_path=public|idle_timeout=5|reserve_pool_timeout=5|min_poolsize=2|applicationname=a|time_zone=UTC|host=
    """
    for option in options.replace("\n", "|").split("|"):
        key, equals, value = option.strip().partition("=")
        if equals:
            values.append(("pgbouncer_databases", [{"name": "app", "options": {key: value}}]))
    for name in ["app", "my_app", "my-app", "my.app", "App2", "my app", "app$", "app:x", "äpp", "pgbouncer", "app/1", "a*"]:
        values.append(("pgbouncer_databases", [{"name": name, "options": {"dbname": "app"}}]))
    for dsn in [
        "host=10.0.0.1 port=5432 dbname=app", "host=10.0.0.1 port = 5432", "host=10.0.0.1,port=5432", "host 10.0.0.1",
        "host=10.0.0.1;port=5432", "postgresql://10.0.0.1/app", "host='10.0.0.1' dbname='my app'", "host='10.0.0.1",
        "host=10.0.0.1 connect_query='select 1'", "host=10.0.0.1 connect_query=select 1", "host=10.0.0.1 port=", "=x",
        "host=10.0.0.1 dbname='it''s'", "host=10.0.0.1  pool_mode=transaction", "host=10.0.0.1 pool_mode=tx", "",
        "host=10.0.0.1 sslmode=require", "host=10.0.0.1 port=none",
    ]:
        values.append(("pgbouncer_databases", [{"name": "app", "dsn": dsn}]))
    return values


def pgbouncer_refuses(values, folder):
    verdicts = []
    folder.chmod(0o777)
    for name, value in values:
        databases, setting = "", ""
        if name == "pgbouncer_databases":
            entry = value[0]
            pairs = (f"{key}={text}" for key, text in entry.get("options", {}).items())
            databases = f"{entry['name']} = {entry.get('dsn', ' '.join(pairs))}"
        else:
            setting = f"{SETTINGS[name]} = {value}"
        path = folder / "pgbouncer.ini"
        path.write_text(INI.format(databases=databases, setting=setting, folder=folder))
        # One that starts goes on until it is stopped; one that refuses its file ends at once.
        command = ["setpriv", "--reuid", "65534", "--clear-groups", "pgbouncer", path]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        log = folder / "log"
        for _ in range(100):
            try:
                process.wait(0.05)
                break
            except subprocess.TimeoutExpired:
                if log.exists() and "process up" in log.read_text():
                    break
        refused = process.poll() is not None
        if not refused:
            process.terminate()
            process.wait()
        log.unlink(missing_ok=True)
        (folder / "pid").unlink(missing_ok=True)
        verdicts.append(refused)
    return verdicts


# Barman

BARMAN = {
    "barman_retention_policy": [
        "RECOVERY WINDOW OF 4 WEEKS", "recovery window of 1 week", "RECOVERY WINDOW OF 30 DAYS", "REDUNDANCY 3",
        "Recovery  Window  Of  2  Months", "redundancy 10", "RECOVERY WINDOW OF 1 DAY", "4 WEEKS", "30 DAYS",
        "RECOVERY WINDOW 4 WEEKS", "RECOVERY WINDOW OF 4", "RECOVERY WINDOW OF WEEKS", "WINDOW OF 4 WEEKS", "REDUNDANCY",
        "REDUNDANCY three", "REDUNDANCY -1", "REDUNDANCY +3", "REDUNDANCY 3 BACKUPS", "RECOVERY WINDOW OF 1 YEAR",
        "RECOVERY WINDOW OF 24 HOURS", "RECOVERY WINDOW OF 1.5 WEEKS", "KEEP 3", "main", "RETENTION 4 WEEKS",
        "RECOVERY_WINDOW OF 4 WEEKS", "RECOVERY WINDOW OF 4WEEKS", " RECOVERY WINDOW OF 4 WEEKS ", "'REDUNDANCY 3'",
        "RECOVERY WINDOW OF 4 WEEKES", "REDUNDANCY: 3",
    ],
    "barman_last_backup_maximum_age": [
        "1 WEEK", "8 days", "36 HOURS", "1 MONTH", "2 weeks", "1 YEAR", "90 MINUTES", "1week", "WEEK", "one week", "-1 DAYS",
        "7", "1 WEEK 2 DAYS", "1.5 DAYS", "7d", "'1 WEEK'", "1 Day",
    ],
    "barman_backup_options": [
        "concurrent_backup", "exclusive_backup", "external_configuration", "concurrent_backup, external_configuration",
        "CONCURRENT_BACKUP", "concurrent_backup,exclusive_backup", "concurrent", "concurrent-backup", "exclusive",
        "concurrent_backup external_configuration", "none", "external_configuration,", "concurrent_backup,,",
        "immediate_checkpoint",
    ],
    "barman_compression": [
        "gzip", "bzip2", "pigz", "xz", "zstd", "lz4", "snappy", "pygzip", "pybzip2", "GZIP", "Zstd", "zip", "lz5", "gz",
        "none", "off", "bz2", "zstandard", "brotli", "'gzip'",
    ],
    "barman_reuse_backup": ["link", "copy", "off", "LINK", "Copy", "hardlink", "none", "true", "links"],
    "barman_post_backup_script": [
        "/usr/local/bin/copy.sh", "date +%F", "date +%%F", "/bin/x --ratio 50%", "/bin/x %(name)s", "/bin/x %(backup_id)",
        "/bin/x %%(name)s", "/bin/x 100%%", "/bin/x %", "/bin/x %%%", "/bin/x %d", "/bin/x --quiet", "/bin/x $HOME",
    ],
    "barman_streaming_wals_directory": ["/var/lib/barman/wals", "/var/lib/100%/wals"],
    "barman_minimum_redundancy": [0, 1, 3, 10, -1, -3],
}


def barman_values():
    return [(name, value) for name, values in BARMAN.items() for value in values]


def barman_refuses(values, folder):
    """Whether Barman complains about a value when it reads its configuration, or cannot read it at all."""
    import barman.config
    import barman.output
    import barman.server

    home = folder / "home"
    home.mkdir()
    complaints = []
    complain = lambda message, *arguments, **_: complaints.append(message)
    barman.output.warning = barman.config.output.warning = complain
    barman.server._logger.warning = complain
    barman.server._logger.exception = complain
    verdicts = []
    for name, value in values:
        complaints.clear()
        key = name.removeprefix("barman_")
        path = folder / "barman.conf"
        path.write_text(
            f"[barman]\nbarman_home = {home}\nbarman_user = root\nlog_file = {folder}/log\n\n"
            f"[db1]\ndescription = x\nconninfo = host=10.0.0.1\nssh_command = ssh db1\nbackup_method = rsync\n"
            f"archiver = on\nstreaming_archiver = off\n{key} = {value}\n"
        )
        try:
            config = barman.config.Config(str(path))
            config.load_configuration_files_directory()
            barman.config.Config.validate_global_config(config)
            barman.__config__ = config
            barman.server.Server(config.get_server("db1"))
            refused = any("nvalid" in text or "Negative" in text for text in complaints)
        except Exception:
            refused = True
        verdicts.append(refused)
    return verdicts


# HAProxy

HAPROXY = """defaults
  mode tcp
  timeout connect 5s
  timeout client 5s
  timeout server 5s
listen be
  bind {bind}:5989
  default-server {options}
  server db1 127.0.0.1:1 maxconn 100 check
"""
OPTIONS = """
inter 3s|inter 3s fall 3 rise 2|on-marked-down shutdown-sessions|inter 1500 downinter 6s rise 5 fall 3|agent-inter 2000
fastinter 1s|inter 3x|inter 0|inter 3|inter|inter 3s fal 3|inter 3 s|inter -3s|inter 25d|inter 24d|inter 3S|inter=3s|Inter 3s
fall 0|fall -1|fall x|fall 2|rise 0|rise 1|rise x|weight 0|weight 100|weight 256|weight 257|weight -1|maxconn 50
on-marked-down shutdown-session|on-marked-down|on-marked-up shutdown-backup-sessions|on-error mark-down|on-error foo
check|no-check|backup|ssl|ssl verify none|disabled|enabled|slowstart 10s|slowstart 1x|slowstart 0|agent-check
port 8008|addr 127.0.0.1|init-addr last,libc,none|observe layer4|observe layer5|error-limit 10|error-limit 0
minconn 5|maxqueue 10|tcp-ut 10s|tcp-ut 10x|send-proxy|source 127.0.0.1|resolvers dns|track be/db2|redir /x|verify foo
downinter 0|fastinter 0|agent-inter 0|inter 1m|inter 2h|inter 10us|inter 2147483647|inter 2147483648|pool-purge-delay 1x
shutdown-sessions|fall3|retries 3|timeout 5s|balance roundrobin|maxconns 100|inter 3s,fall 3|ws foo|resolve-prefer ipv5
cookie a|non-stick|id 7|usesrc client|no-ssl|tfo|check-ssl verify none|send-proxy-v2|weigth 10|risse 2|downintr 6s
"""
ADDRESSES = "127.0.0.1 0.0.0.0 * :: ::1 [::1] localhost 0.0.0.0/0 127.0.0.1/32 127.0.0.1:5432 256.0.0.1 127.0.0.1,::1 10.0.0.300"


def haproxy_values():
    options = [text for line in OPTIONS.split("\n") for text in line.split("|") if text]
    values = [("haproxy_default_server_options", [text]) for text in options]
    return values + [("haproxy_bind_address", address) for address in ADDRESSES.split()]


def haproxy_refuses(values, folder):
    verdicts = []
    for name, value in values:
        path = folder / "haproxy.cfg"
        is_address = name == "haproxy_bind_address"
        path.write_text(
            HAPROXY.format(
                bind=value if is_address else "127.0.0.1", options="inter 3s" if is_address else " ".join(value)
            )
        )
        command = ["haproxy", "-q", "-c", "-f", path]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        verdicts.append(done.returncode != 0)
    return verdicts


PROGRAMS = {
    "cron": (cron_values, cron_refuses, {"cron-schedule"}, {"error"}),
    "pgbouncer": (
        pgbouncer_values, pgbouncer_refuses, {"pgbouncer-setting", "unknown-value", "wrong-type"}, {"error"},
    ),
    "barman": (
        barman_values, barman_refuses, {"barman-setting-syntax", "unknown-value", "wrong-type"}, {"error", "warning"},
    ),
    "haproxy": (haproxy_values, haproxy_refuses, {"haproxy-setting"}, {"error"}),
}


def main():
    m1c, program, *rest = sys.argv[1:]
    values, refuses, rules, levels = PROGRAMS[program]
    values = values()
    with tempfile.TemporaryDirectory() as folder:
        real = refuses(values, pathlib.Path(folder))
    said = lint(m1c, values, rules, levels)
    if rest[:1] == ["--record"]:
        with open(rest[1], "w") as file:
            file.write(f"# What {program} says to values of variables. Written by tests/programs/compare.py.\n")
            for (name, value), refused in zip(values, real):
                file.write(f"{'refuses' if refused else 'takes'}\t{name}\t{json.dumps(value, ensure_ascii=False)}\n")
    different = 0
    for (name, value), refused, messages in zip(values, real, said):
        # What a program takes and never runs is an error all the same.
        messages = [message for message in messages if "never comes" not in message]
        if refused != bool(messages):
            different += 1
            word = "refuses" if refused else "takes"
            print(f"{program} {word} {name}: {json.dumps(value)}; m1c says: {messages or 'nothing'}")
    print(f"{program}: {len(values)} values, {sum(real)} refused, {different} different")
    sys.exit(different > 0)


main()
