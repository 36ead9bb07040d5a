"""What is checked: sources, what a user adds to what is built from them, and how they change."""

from collections.abc import Callable
from dataclasses import dataclass, field

import edits
from changes import Grow, Keep, Nothing, Shrink, Update

# Half of a key pair; the other half was thrown away.
OTHER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1jTWMyTTFjTTJjTTFjTTJjTTFjTTJjTTFjTTJjTTFjTTJj nobody\n"


@dataclass
class Case:
    name: str
    source: str
    cluster: str
    platform: str = "aws"
    settings: dict = field(default_factory=dict)
    # From where ssh may come, if the source does not say, and lines of terraform.tfvars.
    ssh_networks: list = field(default_factory=list)
    variables: str = ""
    # What exists in the account before; returns settings for the source that follow from it.
    prepare: Callable = lambda aws, folder: {}
    # Facts that are others here than `expected.py` says, by what exists.
    differs: Callable = lambda config, found: {}
    changes: list = field(default_factory=list)
    # What operators do to its text, and addresses that exist beside it.
    edits: list = field(default_factory=list)
    known: Callable = lambda aws, folder: {}


def bucket_and_host_keys(aws, folder):
    aws.client("s3").create_bucket(Bucket="files-of-the-databases")
    for kind in ("rsa", "ecdsa"):
        for suffix in ("", ".pub"):
            (folder / f"ssh_host_{kind}_key{suffix}").write_text(f"not a key: {kind}{suffix}\n", encoding="utf-8")
    return {}


def zone_and_address(aws, folder):
    zone = aws.client("route53").create_hosted_zone(Name="example.org", CallerReference="1")["HostedZone"]["Id"]
    address = aws.client("ec2", "eu-west-1").allocate_address(Domain="vpc")["PublicIp"]
    return {"zone": zone.rpartition("/")[2], "elastic": address}


def shared_network(aws, folder):
    ec2 = aws.client("ec2", "eu-west-1")
    vpc = ec2.create_vpc(CidrBlock="10.33.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "Shared"}])
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_security_group(GroupName="databases", Description="databases", VpcId=vpc)
    ec2.create_key_pair(KeyName="team")
    aws.client("iam").create_instance_profile(InstanceProfileName="databases")
    return {}


def what_edits_name(aws, folder):
    """What the edits of `sources/edits.m1` name and nobody makes, and an address."""
    ec2 = aws.client("ec2", "eu-west-1")
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "Shared"}])
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ours = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["Test"]}])["Vpcs"][0]["VpcId"]
    ec2.create_security_group(GroupName="databases", Description="databases", VpcId=ours)
    ec2.create_key_pair(KeyName="team")
    aws.client("iam").create_instance_profile(InstanceProfileName="databases")
    aws.client("s3").create_bucket(Bucket="files-of-the-databases")
    (folder / "other.pub").write_text(OTHER_KEY, encoding="utf-8")
    return {"other": {"public_ip": ec2.allocate_address(Domain="vpc")["PublicIp"]}}


def root_volumes_of_images(config, found):
    """Where a machine has no volumes of its own, its image has one."""
    return {"volumes of eu-west-1": found["volumes of eu-west-1"]}


def host_keys_in_bucket(config, found):
    names = ("rsa", "rsa.pub", "ecdsa", "ecdsa.pub")
    return {"files in buckets": {("files-of-the-databases", f"private/hostkeys/{name}.txt") for name in names}}


def name_of_elastic_address(config, found):
    return {"names in DNS": {("db1.example.org.", 60, found["instance db1: elastic address"])}}


def network_as_it_was(config, found):
    differs = {
        "vpc of eu-west-1": ("Shared", "10.33.0.0/16"),
        "vpc of eu-west-1: tags": {"Name": "Shared"},
        "vpc of eu-west-1: DNS support, DNS hostnames": (True, False),
        "default group of eu-west-1: rules": {("-1", None, None, "0.0.0.0/0")},
        "group of eu-west-1: name, description": ("databases", "databases"),
        "group of eu-west-1: ingress": set(),
        "group of eu-west-1: tags": {},
        "gateways of eu-west-1": {None},
        "keys of eu-west-1": {"team"},
        "profiles with roles": {("databases",)},
        **{fact: set() for fact in ("roles", "roles: who may have them", "roles: policies", "roles: what they may do")},
    }
    for machine in config.machines:
        instance = f"instance {machine.name}"
        differs |= {
            f"{instance}: key": "team",
            f"{instance}: groups": {"databases"},
            f"{instance}: profile": "databases",
        }
    return differs


CASES = [
    Case(
        name="edits",
        source="tests/terraform/sources/edits.m1",
        cluster="edits",
        differs=root_volumes_of_images,
        known=what_edits_name,
        edits=edits.ONE_REGION,
    ),
    Case(
        name="regions",
        source="tests/terraform/sources/regions.m1",
        edits=edits.REGIONS,
        cluster="regions",
        changes=[
            Nothing("variables of Postgres", {"change": "variables"}),
            Grow("a machine that sorts before all others", {"change": "host"}),
            Grow("a location in a new region", {"change": "region"}),
            Update("a larger volume", {"change": "volume"}, {'aws_ebs_volume.data["osprey:/dev/sdf"]'}),
            Shrink("a machine less", {"change": "removed"}),
            Shrink("a machine with another name", {"change": "renamed"}),
            Shrink("a location less", {"change": "abandoned"}),
        ],
    ),
    Case(
        name="private",
        source="tests/terraform/sources/private.m1",
        edits=edits.PRIVATE,
        cluster="private",
        variables='hostkey_folder = "."\n',
        prepare=bucket_and_host_keys,
        differs=host_keys_in_bucket,
        changes=[
            Nothing("another image", {"change": "image"}),
            Keep("a location with another name", {"change": "place"}),
            Grow("a location in the same region", {"change": "location"}),
        ],
    ),
    Case(
        name="addresses",
        source="tests/terraform/sources/addresses.m1",
        edits=edits.ADDRESSES,
        cluster="Addresses_1",
        prepare=zone_and_address,
        differs=name_of_elastic_address,
        changes=[Grow("a machine with an address and a name", {"change": "host"})],
    ),
    Case(
        name="existing",
        source="tests/terraform/sources/existing.m1",
        edits=edits.EXISTING,
        cluster="existing",
        ssh_networks=["198.51.100.0/24"],
        prepare=shared_network,
        differs=network_as_it_was,
        changes=[Grow("a machine", {"change": "host"})],
    ),
    Case(
        name="stages",
        source="examples/stages.m1",
        cluster="orders",
        settings={"stage": "prod"},
    ),
    Case(
        name="tpa-documentation", source="examples/tpa-documentation.m1", cluster="m1", ssh_networks=["198.51.100.0/24"]
    ),
    Case(name="two-locations", source="examples/two-locations.m1", cluster="payments", platform="bare"),
    Case(name="bare-machines", source="examples/bare-machines.m1", cluster="ledger", platform="bare"),
    Case(name="patroni-docker", source="examples/patroni-docker.m1", cluster="patroni-lab", platform="docker"),
]
