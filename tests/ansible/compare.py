"""Compares what Ansible reads from inventories with what the config.yml beside them says.

`compare.py CLUSTER-FOLDER…`. What TPA makes of config.yml when it provisions is written down here a second time, from
its documentation, so that m1c is not compared with itself.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import yaml

ROOT_DEVICES = {
    "136693071363": "/dev/xvda",
    "309956199498": "/dev/sda1",
    "792107900819": "/dev/sda1",
    "099720109477": "/dev/sda1",
    "013907871322": "/dev/sda1",
}
GROUPS_OF_ROLES = {
    "primary": "initial_primary",
    **{
        role: role.replace("-", "_")
        for role in (
            "replica witness barman etcd haproxy pgbouncer pem-server pem-agent beacon-agent log-server "
            "monitoring-server openvpn-server efm-witness efm-not-promotable readonly"
        ).split()
    },
}


def expanded(value, names):
    """Templates of top-level keys become what these say; what stays is expanded where Ansible uses it."""
    if isinstance(value, dict):
        return {key: expanded(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [expanded(item, names) for item in value]
    if not isinstance(value, str) or "{{" not in value:
        return value
    inner = re.findall(r"\{\{\s*(.*?)\s*\}\}", value)
    if not all(name in names for name in inner):
        return value
    if re.fullmatch(r"\{\{[^{}]*\}\}", value) and isinstance(names[inner[0]], (bool, list, dict)):
        return names[inner[0]]
    return re.sub(r"\{\{\s*(.*?)\s*\}\}", lambda found: str(names[found[1]]), value)


def with_defaults(instance, defaults):
    """An instance over its defaults: maps are merged one level deep, everything else is replaced."""
    merged = {**defaults, **instance}
    for key, value in instance.items():
        if isinstance(value, dict) and isinstance(defaults.get(key), dict):
            merged[key] = {**defaults[key], **value}
    return merged


def roles_of(instance):
    """A text is split at its commas."""
    roles = instance["role"]
    return [role.strip() for role in roles.split(",")] if isinstance(roles, str) else roles


def volumes_of(instance, default):
    own = instance.get("volumes")
    if own == [] or not (own or default):
        return []
    if default:
        by_device = {}
        for volume in default + (own or []):
            by_device[volume["device_name"].removeprefix("/dev/")] = volume
        own = [by_device[device] for device in sorted(by_device)]
    return [volume for volume in own if volume.get("volume_type") != "none"]


def hosts_of(config):
    """The machines as the inventory has to have them."""
    defaults = {"platform": "aws", **config.get("instance_defaults", {})}
    default_volumes = defaults.pop("default_volumes", [])
    locations = config.get("locations", [])
    for instance in config["instances"]:
        host = with_defaults(instance, defaults)
        on_docker = host["platform"] == "docker"
        volumes = [] if on_docker else volumes_of(host, default_volumes)
        place = host["location"]
        if not isinstance(place, int):
            place = [location["Name"] for location in locations].index(place)
        location = dict(locations[place])
        name_of_location = location.pop("Name")
        host = with_defaults(host, location)
        for key in ("upstream", "backup", "role"):
            if key in host.get("tags", {}):
                host[key] = host["tags"][key]
        variables = {
            key: host[key]
            for key in (
                "ip_address",
                "public_ip",
                "private_ip",
                "region",
                "backup",
                "upstream",
                "ansible_host",
            )
            if host.get(key) is not None
        }
        variables["location"] = name_of_location
        variables["role"] = [role for role in roles_of(host) if role != "postgres"]
        variables["volumes"] = []
        for volume in volumes:
            device = volume["device_name"]
            if device == "root" and host["platform"] == "aws" and "image" not in host:
                device = ROOT_DEVICES.get(config.get("ec2_ami", {}).get("Owner"), device)
            variables["volumes"].append({"device": device, **volume.get("vars", {})})
        variables.update(host.get("vars", {}))
        yield host["Name"].replace("_", "-").lower(), host, variables


def ssh_address(config, host):
    if host["platform"] == "bare":
        return host.get("public_ip") or host.get("ip_address") or host.get("private_ip")
    if host["platform"] == "docker":
        return host.get("ip_address")
    if config.get("ec2_instance_reachability") == "private":
        return host.get("elastic_ip") or host.get("private_ip")
    return host.get("elastic_ip")


def group_variables(config):
    name = config["cluster_name"]
    tower = config.get("ansible_tower")
    options = "-o ServerAliveInterval=60 -o UserKnownHostsFile='known_hosts tpa_known_hosts'"
    options += " " + ("" if config.get("use_ssh_agent") else "-o IdentitiesOnly=yes")
    options += " " + ("-o ForwardAgent=yes" if "forward_ssh_agent" in config else "")
    variables = {
        **config["cluster_vars"],
        "cluster_name": name,
        "cluster_tag": f"tag_Cluster_{name}",
        "compliance": config.get("compliance"),
        "keyring_backend": config.get("keyring_backend"),
        "ansible_python_interpreter": '/usr/bin/{{ python|default(preferred_python_version|default("python2.7")) }}',
        "ansible_port": str(config.get("cluster_ssh_port", 22)),
        "ansible_shell_executable": "/bin/bash",
        "ansible_ssh_common_args": options,
    }
    if not tower:
        key_file = config.get("ssh_key_file", f"id_{name.lower()}")
        variables |= {"ssh_key_file": key_file, "ansible_ssh_private_key_file": key_file}
    return variables


def expectation(config):
    """The groups by name, each with its hosts, and the variables by host."""
    groups, hosts = {}, {}
    for name, host, variables in hosts_of(config):
        if host.get("provision_only"):
            continue
        line = {"node": host["node"], "platform": host["platform"]}
        if host["platform"] == "docker":
            line["ansible_connection"] = "docker"
        elif not config.get("ansible_tower") and (address := ssh_address(config, host)):
            line["ansible_host"] = address
        hosts[name] = {**group_variables(config), **line, **variables}
        of_roles = [GROUPS_OF_ROLES.get(role, "role_" + re.sub(r"\W", "_", role)) for role in variables["role"]]
        of_place = "location_" + re.sub(r"\W", "_", variables["location"], flags=re.ASCII)
        for group in [f"tag_Cluster_{config['cluster_name']}", of_place, *of_roles]:
            groups.setdefault(group, set()).add(name)
    return groups, hosts


def run(folder, *command):
    # TPA names the group after the cluster, with its hyphens.
    environment = {**os.environ}
    if "-" in folder.name:
        environment["ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS"] = "ignore"
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert done.returncode == 0 and not done.stderr, f"{folder}: {' '.join(command)}: {done.stderr}"
    return done.stdout


def same(folder, what, expected, found):
    """Equal, and of the same types: in Python True is 1."""
    spell = lambda value: json.dumps(value, sort_keys=True, indent=1, default=sorted)
    assert spell(expected) == spell(found), f"{folder}: {what}:\n{spell(expected)}\n{spell(found)}"


def compare(folder):
    config = yaml.safe_load((folder / "config.yml").read_text())
    names = {key: value for key, value in config.items() if key not in ("cluster_vars", "instances", "locations")}
    config = expanded(config, names)
    groups, hosts = expectation(config)

    listed = json.loads(run(folder, "ansible-inventory", "-i", "inventory", "--list"))
    found_hosts = listed.pop("_meta")["hostvars"]
    same(folder, "hosts", sorted(hosts), sorted(found_hosts))
    for name, variables in hosts.items():
        same(folder, f"variables of {name}", variables, found_hosts[name])

    top = set(listed.pop("all")["children"]) - {"ungrouped"}
    below = {"initial_primary", "replica"} & set(groups)
    same(folder, "groups in postgres", below, set(listed.pop("postgres")["children"]))
    same(folder, "groups", groups, {group: set(found["hosts"]) for group, found in listed.items()})
    same(folder, "groups at the top", set(groups) - below | {"postgres"}, top)

    graph = run(folder, "ansible-inventory", "-i", "inventory", "--graph")
    drawn = {line.lstrip(" |-") for line in graph.splitlines()}
    nodes = {f"@{group}:" for group in {*groups, "postgres", "all", "ungrouped"}} | set(hosts)
    same(folder, "graph", nodes, drawn)

    for name, host, variables in hosts_of(config):
        lines = run(folder, "ssh", "-T", "-G", "-F", "ssh_config", name).splitlines()
        settings = dict(line.split(" ", 1) for line in lines if " " in line)
        same(folder, f"address of {name}", ssh_address(config, host) or name, settings["hostname"])
        same(folder, f"port of {name}", str(config.get("cluster_ssh_port", 22)), settings["port"])
        if "ansible_user" in variables:
            same(folder, f"user of {name}", variables["ansible_user"], settings["user"])
    print(f"  {folder.name}: {len(hosts)} hosts, {len(groups)} groups")


folders = [pathlib.Path(path) for path in sys.argv[1:]]
assert folders, "nothing was built"
for folder in folders:
    compare(folder)
