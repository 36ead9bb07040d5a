"""What a config.yml wants to exist on AWS, as facts: a sentence's subject to its value.

The rules are those by which TPA reads config.yml when it provisions. `cloud.py` says the same of what exists.
"""

from dataclasses import dataclass, field

import yaml

WORLD = "0.0.0.0/0"


@dataclass
class Machine:
    """An instance with its defaults and those of its location filled in."""

    name: str
    node: int
    location: str
    region: str
    zone: str
    subnet: str
    keys: dict
    tags: dict
    volumes: dict = field(default_factory=dict)

    def data_devices(self):
        return [device for device in self.volumes if device != "root"]


class Config:
    """A config.yml of TPA for AWS."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.keys = yaml.safe_load(file)
        self.name = self.keys["cluster_name"]
        self.tags = {key: str(value) for key, value in self.keys.get("cluster_tags", {}).items() if key != "Name"}
        self.locations = {location["Name"]: location for location in self.keys["locations"]}
        self.machines = [self._machine(instance) for instance in self.keys["instances"]]
        self.regions = list(dict.fromkeys(machine.region for machine in self.machines))
        self.public = self.keys.get("ec2_instance_reachability", "public") == "public"

    def machine(self, name):
        return next(machine for machine in self.machines if machine.name == name)

    def with_role(self, *roles):
        return [machine.name for machine in self.machines if set(roles) & set(machine.keys["role"])]

    def images(self):
        """Name and owner of every image that is asked for."""
        own = [self.image(machine) for machine in self.machines]
        return sorted({(image["Name"], str(image.get("Owner", "self"))) for image in own})

    def image(self, machine):
        return self.keys["ec2_ami"]

    def vpc(self, region):
        vpc = self.keys["ec2_vpc"]
        return vpc if "Name" in vpc else vpc[region]

    def rules(self, ssh_networks):
        """Ingress rules: protocol, ports, network.

        What TPA opens to the world without being asked is open to those networks here that may use ssh: ssh itself,
        where a user of Terraform names them, its other port, and PEM.
        """
        rules = {
            (rule["proto"], rule["from_port"], rule["to_port"], rule["cidr_ip"]) for rule in self.keys["cluster_rules"]
        }
        rules -= {("tcp", 22, 22, WORLD)}
        rules |= {("tcp", 22, 22, network) for network in ssh_networks}
        ports = {self.keys.get("cluster_ssh_port", 22)}
        if self.with_role("pem-server"):
            ports.add(443)
        networks = {network for protocol, first, _, network in rules if (protocol, first) == ("tcp", 22)}
        return rules | {("tcp", port, port, network) for port in ports for network in networks}

    def _machine(self, instance):
        defaults = dict(self.keys.get("instance_defaults", {}))
        shared_volumes = defaults.pop("default_volumes", [])
        keys = merged(instance, defaults)
        location = self.locations[keys["location"]]
        keys = merged(keys, {key: value for key, value in location.items() if key != "Name"})
        return Machine(
            name=keys["Name"].replace("_", "-").lower(),
            node=keys["node"],
            location=location["Name"],
            region=keys["region"],
            zone=location["az"],
            subnet=keys["subnet"],
            keys=keys,
            tags={key: str(value) for key, value in keys.get("tags", {}).items()},
            volumes=volumes_of(keys.get("volumes"), shared_volumes),
        )


def merged(own, defaults):
    """Maps are merged one level deep; everything else that is set stays."""
    both = dict(defaults)
    for key, value in own.items():
        both[key] = {**both[key], **value} if isinstance(value, dict) and isinstance(both.get(key), dict) else value
    return both


def volumes_of(own, shared):
    """EBS volumes by device name, an instance's own in place of the shared one of the same name."""
    if own == []:
        return {}
    by_device = {volume["device_name"].removeprefix("/dev/"): volume for volume in [*shared, *(own or [])]}
    return {
        by_device[short]["device_name"]: by_device[short]
        for short in sorted(by_device)
        if by_device[short].get("volume_type") != "none" and "volume_size" in by_device[short]
    }


def facts(config, ssh_networks):
    """All that has to exist, and nothing beside it."""
    wanted = account_facts(config)
    owned = {**config.tags, "CreatingCluster": config.name}
    for region in config.regions:
        machines = [machine for machine in config.machines if machine.region == region]
        wanted |= network_facts(config, region, machines, owned, ssh_networks)
        for machine in machines:
            wanted |= machine_facts(config, machine)
    return wanted


def account_facts(config):
    role = f"{config.name}_profile"
    looks = {("Allow", f"ec2:Describe{what}", "*") for what in ("Addresses", "Instances", "Volumes")}
    bucket = config.keys.get("cluster_bucket")
    reads = {("Allow", "s3:GetObject", f"arn:aws:s3:::{bucket}/{config.name}/*")} if bucket else set()
    return {
        "profiles with roles": {(role, role)},
        "roles": {role},
        "roles: who may have them": {("Allow", "sts:AssumeRole", "ec2.amazonaws.com")},
        "roles: policies": {f"{config.name}_instance_permissions"},
        "roles: what they may do": looks | reads,
        "names in DNS": set(),
        "files in buckets": set(),
    }


def network_facts(config, region, machines, owned, ssh_networks):
    vpc = config.vpc(region)
    subnets = {machine.subnet: machine for machine in machines}
    description = f"Automatically created for {config.name} in"
    others = [other for other in config.regions if other != region]
    wanted = {
        f"networks that {region} has routes to": {config.vpc(other)["cidr"] for other in others}
        | ({WORLD} if config.public else set()),
        f"active peerings of {region}": {frozenset((region, other)) for other in others},
        f"vpc of {region}": (vpc.get("Name"), vpc.get("cidr")),
        f"vpc of {region}: tags": {**owned, "Name": vpc.get("Name")},
        f"vpc of {region}: DNS support, DNS hostnames": (True, True),
        f"default group of {region}: rules": set(),
        f"group of {region}: name, description": (f"Group {config.name}/{region}", f"{description} {region}"),
        f"group of {region}: ingress": config.rules(ssh_networks),
        f"group of {region}: egress": {("-1", None, None, WORLD)},
        f"group of {region}: tags": owned,
        f"subnets of {region}": set(subnets),
        f"gateways of {region}": {f"{region}-igw"} if config.public else set(),
        f"route tables of {region}": {f"{config.name}/{region}/routes"} if config.public else set(),
        f"subnets with a way out of {region}": set(subnets) if config.public else set(),
        f"keys of {region}": {f"tpa_{config.name.lower()}"},
        f"instances of {region}": {machine.name for machine in machines},
        f"volumes of {region}": {(machine.name, device) for machine in machines for device in machine.volumes},
    }
    if config.public:
        wanted[f"route table of {region}: description"] = f"{description} {region}"
    for cidr, machine in subnets.items():
        subnet = f"subnet {cidr} of {region}"
        wanted |= {
            f"{subnet}: zone": machine.zone,
            f"{subnet}: gives public addresses on its own": False,
            f"{subnet}: tags": {
                **owned,
                "Name": machine.location,
                "Description": f"{description} {machine.zone}",
            },
        }
    return wanted


def machine_facts(config, machine):
    instance = f"instance {machine.name}"
    owned = {**config.tags, "CreatingCluster": config.name}
    tags = {**owned, **machine.tags, "Cluster": config.name, "node": str(machine.node)}
    wanted = {
        f"{instance}: type": machine.keys["type"],
        f"{instance}: region, zone, subnet": (machine.region, machine.zone, machine.subnet),
        f"{instance}: image": config.image(machine)["Name"],
        f"{instance}: key": f"tpa_{config.name.lower()}",
        f"{instance}: groups": {f"Group {config.name}/{machine.region}"},
        f"{instance}: profile": f"{config.name}_profile",
        f"{instance}: public address": config.public and machine.keys.get("assign_public_ip", True),
        f"{instance}: has an elastic address": "elastic_ip" in machine.keys or "assign_elastic_ip" in machine.keys,
        f"{instance}: first boot": True,
        f"{instance}: protected from termination": bool(machine.keys.get("termination_protection", False)),
        f"{instance}: metadata tokens, hops": ("required", 1),
        f"{instance}: tags": {**tags, "Name": machine.name},
    }
    for key, fact in (("private_ip", "private address"), ("elastic_ip", "elastic address")):
        if key in machine.keys:
            wanted[f"{instance}: {fact}"] = machine.keys[key]
    for device, volume in machine.volumes.items():
        is_root = device == "root"
        label = f"{config.name}:{machine.node}:{'/dev/xvda' if is_root else device}"
        name = f"volume {device} of {machine.name}"
        purpose = volume.get("vars", {}).get("volume_for") or volume.get("vars", {}).get("mountpoint")
        wanted |= {
            f"{name}: type": volume.get("volume_type", "gp2"),
            f"{name}: size": volume["volume_size"],
            f"{name}: encrypted": volume.get("encrypted", False),
            f"{name}: zone": machine.zone,
            f"{name}: deleted with its machine": is_root,
            f"{name}: tags": {
                **tags,
                "Name": label,
                "TPAAttachmentLabel": label,
                "Volume": f"{machine.name}:{device}",
                **({} if is_root or purpose is None else {"Use": purpose}),
            },
        }
        if "iops" in volume and not is_root:
            wanted[f"{name}: iops"] = volume["iops"]
    return wanted


def outputs(config, found):
    """What Terraform has to say of the machines, by what exists."""
    addresses = {machine.name: found[f"instance {machine.name}: address"] for machine in config.machines}
    lines = [
        f"{name} ansible_host={addresses[name]} node={config.machine(name).node} platform=bare" for name in addresses
    ]
    return {
        "inventory": "\n".join([f"[tag_Cluster_{config.name}]", *lines, ""]),
        "connection_strings": {
            name: {session: connection_string(names, port, session, found) for session in sessions}
            for name, names, port, sessions in servers(config)
        },
        "machines": {
            machine.name: {
                "instance_id": found[f"instance {machine.name}: number"],
                "private_ip": found[f"instance {machine.name}: private address"],
                "ssh_host": addresses[machine.name],
                "node": machine.node,
                "location": machine.location,
                "region": machine.region,
                "zone": machine.zone,
                "roles": machine.keys["role"],
                "ssh_user": machine.keys["vars"]["ansible_user"],
                "volumes": sorted(machine.data_devices()),
            }
            for machine in config.machines
        },
    }


def servers(config):
    """What clients connect to: its name, the machines, the port, and what they may ask for."""
    flavour = config.keys["cluster_vars"]["postgres_flavour"]
    port = 5444 if flavour == "epas" else 5432
    yield "postgres", config.with_role("primary", "replica"), port, ("read-write", "prefer-standby", "any")
    # A pool leads to the primary, wherever it is.
    if config.with_role("pgbouncer"):
        yield "pgbouncer", config.with_role("pgbouncer"), 6432, ("any",)


def connection_string(names, port, session, found):
    hosts = ",".join(found[f"instance {name}: private address"] for name in names)
    return f"host={hosts} port={','.join([str(port)] * len(names))} target_session_attrs={session}"
