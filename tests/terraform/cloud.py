"""The AWS stand-in of `server.py`: starts it, prepares it, and says what exists in it, as facts like `expected.py`."""

import base64
import json
import pathlib
import subprocess
import sys

import boto3

import processes

CREDENTIALS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


class Cloud:
    """A server of its own, with the images that are asked for in every region."""

    def __init__(self, images, folder):
        amis = pathlib.Path(folder, "amis.json")
        amis.write_text(json.dumps([ami(number, *image) for number, image in enumerate(images)]), encoding="utf-8")
        with open(pathlib.Path(folder, "server.log"), "w", encoding="utf-8") as log:
            self.process = processes.start(
                [sys.executable, pathlib.Path(__file__).with_name("server.py")],
                env={"MOTO_AMIS_PATH": str(amis), "AWS_DEFAULT_REGION": "us-east-1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        port = self.process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"the AWS stand-in did not start: {pathlib.Path(folder, 'server.log').read_text()}")
        self.endpoint = f"http://127.0.0.1:{port}"

    def client(self, service, region="us-east-1"):
        return boto3.client(service, endpoint_url=self.endpoint, region_name=region, **CREDENTIALS)

    def stop(self):
        processes.stop(self.process)


def ami(number, name, owner):
    return {
        "ami_id": f"ami-{number:017x}",
        "name": name,
        "description": name,
        "owner_id": owner,
        "public": True,
        "state": "available",
        "architecture": "x86_64",
        "virtualization_type": "hvm",
        "hypervisor": "xen",
        "image_type": "machine",
        "platform": None,
        "root_device_name": "/dev/xvda",
        "root_device_type": "ebs",
        "sriov": "simple",
        "creation_date": "2025-01-01T00:00:00.000Z",
    }


def facts(cloud, config):
    """What exists of the cluster: everything in its regions but what every account has from the beginning."""
    found = account_facts(cloud)
    for region in config.regions:
        found |= region_facts(cloud.client("ec2", region), region)
    return found


def region_facts(ec2, region):
    vpc = only([vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]], f"VPC in {region}")
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
    subnets = {subnet["SubnetId"]: subnet for subnet in ec2.describe_subnets(Filters=inside)["Subnets"]}
    groups = ec2.describe_security_groups(Filters=inside)["SecurityGroups"]
    default = only([group for group in groups if group["GroupName"] == "default"], f"default group in {region}")
    group = only([group for group in groups if group["GroupName"] != "default"], f"security group in {region}")
    gateways = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}])
    own_tables = [
        table
        for table in ec2.describe_route_tables(Filters=inside)["RouteTables"]
        if not any(association.get("Main") for association in table["Associations"])
    ]
    found = {
        f"vpc of {region}": (tags_of(vpc).get("Name"), vpc["CidrBlock"]),
        f"vpc of {region}: tags": tags_of(vpc),
        f"vpc of {region}: DNS support, DNS hostnames": (
            ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute="enableDnsSupport")["EnableDnsSupport"]["Value"],
            ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute="enableDnsHostnames")["EnableDnsHostnames"][
                "Value"
            ],
        ),
        f"default group of {region}: rules": rules_of(default["IpPermissions"])
        | rules_of(default["IpPermissionsEgress"]),
        f"group of {region}: name, description": (group["GroupName"], group["Description"]),
        f"group of {region}: ingress": rules_of(group["IpPermissions"]),
        f"group of {region}: egress": rules_of(group["IpPermissionsEgress"]),
        f"group of {region}: tags": tags_of(group),
        f"subnets of {region}": {subnet["CidrBlock"] for subnet in subnets.values()},
        f"gateways of {region}": {tags_of(gateway).get("Name") for gateway in gateways["InternetGateways"]},
        f"route tables of {region}": {tags_of(table).get("Name") for table in own_tables},
        f"subnets with a way out of {region}": {
            subnets[association["SubnetId"]]["CidrBlock"]
            for table in own_tables
            for association in table["Associations"]
            if any(leads_to_internet(route) for route in table["Routes"])
        },
        f"networks that {region} has routes to": {
            route["DestinationCidrBlock"]
            for table in own_tables
            for route in table["Routes"]
            if route.get("GatewayId") != "local" and route.get("State", "active") == "active"
        },
        f"active peerings of {region}": {
            frozenset((peering["RequesterVpcInfo"]["Region"], peering["AccepterVpcInfo"]["Region"]))
            for peering in ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]
            if peering["Status"]["Code"] == "active"
        },
        f"keys of {region}": {key["KeyName"] for key in ec2.describe_key_pairs()["KeyPairs"]},
    }
    for table in own_tables:
        found[f"route table of {region}: description"] = tags_of(table).get("Description")
    for subnet in subnets.values():
        name = f"subnet {subnet['CidrBlock']} of {region}"
        found |= {
            f"{name}: zone": subnet["AvailabilityZone"],
            f"{name}: gives public addresses on its own": subnet["MapPublicIpOnLaunch"],
            f"{name}: tags": tags_of(subnet),
        }
    return found | instances_facts(ec2, region, subnets)


def instances_facts(ec2, region, subnets):
    instances = {
        tags_of(instance).get("Name"): instance
        for reservation in ec2.describe_instances()["Reservations"]
        for instance in reservation["Instances"]
    }
    volumes = {volume["VolumeId"]: volume for volume in ec2.describe_volumes()["Volumes"]}
    images = {
        image["ImageId"]: image["Name"]
        for image in ec2.describe_images(ImageIds=[instance["ImageId"] for instance in instances.values()])["Images"]
    }
    elastic = {address.get("InstanceId"): address["PublicIp"] for address in ec2.describe_addresses()["Addresses"]}
    found = {f"instances of {region}": set(instances), f"volumes of {region}": set()}
    for name, instance in instances.items():
        subject = f"instance {name}"
        number = instance["InstanceId"]
        protected = ec2.describe_instance_attribute(InstanceId=number, Attribute="disableApiTermination")
        user_data = ec2.describe_instance_attribute(InstanceId=number, Attribute="userData")["UserData"]
        metadata = instance["MetadataOptions"]
        found |= {
            f"{subject}: type": instance["InstanceType"],
            f"{subject}: region, zone, subnet": (
                region,
                instance["Placement"]["AvailabilityZone"],
                subnets[instance["SubnetId"]]["CidrBlock"],
            ),
            f"{subject}: image": images[instance["ImageId"]],
            f"{subject}: key": instance.get("KeyName"),
            f"{subject}: groups": {group["GroupName"] for group in instance["SecurityGroups"]},
            f"{subject}: profile": instance.get("IamInstanceProfile", {}).get("Arn", "/").rpartition("/")[2],
            f"{subject}: public address": "PublicIpAddress" in instance,
            f"{subject}: has an elastic address": number in elastic,
            f"{subject}: elastic address": elastic.get(number),
            f"{subject}: address": elastic.get(number)
            or instance.get("PublicIpAddress")
            or instance["PrivateIpAddress"],
            f"{subject}: number": number,
            f"{subject}: first boot": is_first_boot(user_data["Value"]),
            f"{subject}: protected from termination": protected["DisableApiTermination"]["Value"],
            f"{subject}: metadata tokens, hops": (metadata["HttpTokens"], metadata["HttpPutResponseHopLimit"]),
            f"{subject}: tags": tags_of(instance),
            f"{subject}: private address": instance["PrivateIpAddress"],
        }
        for mapping in instance["BlockDeviceMappings"]:
            device = "root" if mapping["DeviceName"] == instance["RootDeviceName"] else mapping["DeviceName"]
            volume = volumes.pop(mapping["Ebs"]["VolumeId"])
            found[f"volumes of {region}"].add((name, device))
            disk = f"volume {device} of {name}"
            found |= {
                f"{disk}: type": volume["VolumeType"],
                f"{disk}: size": volume["Size"],
                f"{disk}: encrypted": volume["Encrypted"],
                f"{disk}: zone": volume["AvailabilityZone"],
                f"{disk}: deleted with its machine": mapping["Ebs"]["DeleteOnTermination"],
                f"{disk}: tags": tags_of(volume),
                f"{disk}: iops": volume.get("Iops"),
            }
    found[f"volumes of {region}"] |= {("no machine", volume) for volume in volumes}
    return found


def leads_to_internet(route):
    return route.get("DestinationCidrBlock") == "0.0.0.0/0" and route.get("GatewayId", "").startswith("igw-")


def rules_of(permissions):
    return {
        (permission["IpProtocol"], permission.get("FromPort"), permission.get("ToPort"), source["CidrIp"])
        for permission in permissions
        for source in permission["IpRanges"]
    }


def tags_of(resource):
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", [])}


def only(found, what):
    if len(found) != 1:
        raise LookupError(f"{len(found)} instead of one {what}")
    return found[0]


def account_facts(cloud):
    """What belongs to no region: who machines are, what that lets them do, names, and files."""
    iam = cloud.client("iam")
    roles = {role["RoleName"]: role["AssumeRolePolicyDocument"] for role in iam.list_roles()["Roles"]}
    policies = [(role, name) for role in roles for name in iam.list_role_policies(RoleName=role)["PolicyNames"]]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for role, name in policies]
    attached = [
        policy for role in roles for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    ]
    return {
        "profiles with roles": {
            (profile["InstanceProfileName"], *(role["RoleName"] for role in profile["Roles"]))
            for profile in iam.list_instance_profiles()["InstanceProfiles"]
        },
        "roles": set(roles),
        "roles: who may have them": {
            (statement["Effect"], statement["Action"], statement["Principal"]["Service"])
            for document in roles.values()
            for statement in document["Statement"]
        },
        "roles: policies": {name for _, name in policies} | {policy["PolicyName"] for policy in attached},
        "roles: what they may do": {
            (statement["Effect"], action, resource)
            for document in documents
            for statement in document["Statement"]
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        },
        "names in DNS": names(cloud.client("route53")),
        "files in buckets": files(cloud.client("s3")),
    }


def names(route53):
    return {
        (record["Name"], record["TTL"], *(value["Value"] for value in record["ResourceRecords"]))
        for zone in route53.list_hosted_zones()["HostedZones"]
        for record in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        if record["Type"] == "A"
    }


def files(s3):
    return {
        (bucket["Name"], file["Key"])
        for bucket in s3.list_buckets()["Buckets"]
        for file in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", [])
    }


def listed(value):
    return [value] if isinstance(value, str) else value


def is_first_boot(data):
    """Whether EC2 takes this as user data, and the shell reads it."""
    script = base64.b64decode(data)
    return (
        len(script) <= 16384
        and script.startswith(b"#!/bin/sh\n")
        and subprocess.run(["sh", "-n"], input=script, capture_output=True, check=False).returncode == 0
    )
