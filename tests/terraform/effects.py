"""What `m1c diff` says of an edit, and what Terraform plans: the same, resource by resource."""

import json
import re

import processes
from changes import tail

# What changes machines in place, and stands at no single machine.
OF_ALL_MACHINES = {"cluster_tags", "ec2_groups", "cluster_profile", "instance_profile_name", "cluster_name"}
# What may cause that something else than a machine or a volume is made, changes or goes. With "new" a new machine brings it.
CAUSES = {
    "aws_eip": {"assign_elastic_ip", "new"},
    "aws_eip_association": {"assign_elastic_ip", "elastic_ip", "new"},
    "aws_iam_instance_profile": {"cluster_name", "cluster_profile", "instance_profile_name"},
    "aws_iam_role": {"cluster_name", "cluster_profile", "instance_profile_name"},
    "aws_iam_role_policy": {"cluster_bucket", "cluster_name", "cluster_profile", "instance_profile_name"},
    "aws_internet_gateway": {"ec2_instance_reachability", "ec2_vpc"},
    "aws_key_pair": {"cluster_name", "ec2_instance_key", "ec2_key_name"},
    "aws_route": {"ec2_instance_reachability", "ec2_vpc"},
    "aws_route_table": {"ec2_instance_reachability", "new"},
    "aws_route_table_association": {"ec2_instance_reachability", "new"},
    "aws_route53_record": {"route53_hosted_zone_id", "route53_zone", "new"},
    "aws_s3_object": {"s3_uploads"},
    "aws_security_group": {"ec2_groups"},
    "aws_subnet": {"new"},
    "aws_volume_attachment": {"new", "volumes"},
    "aws_vpc": {"ec2_vpc"},
    "aws_vpc_security_group_egress_rule": {"ec2_groups"},
    "aws_vpc_security_group_ingress_rule": {"cluster_rules", "ec2_groups", "new"},
}
# What stands in the tags of everything.
IN_ALL_TAGS = {"cluster_name", "cluster_tags"}
MACHINES_AND_VOLUMES = ("aws_instance.node", "aws_ebs_volume.data")


def problem(m1c, settings, before, after, plan):
    """What differs, or nothing."""
    given = [f"--set={key}={value}" for key, value in settings.items()]
    output, code = processes.run([m1c, "diff", "--color=never", "--format=json", *given, before, after])
    if code != 0:
        return f"m1c diff fails:\n{output}"
    cluster = json.loads(output)["clusters"][0]
    return differences(cluster, plan)


def differences(cluster, plan):
    machines = cluster["machines"]
    changes = [change for machine in machines for change in machine["changes"]] + cluster["changes"]
    # What TPA refuses when it deploys, Terraform does not see.
    of_terraform = [change for change in changes if not change["cause"].startswith("postgres_")]
    refused = [change for change in of_terraform if change["effect"] == "refused"]
    refused += [machine for machine in machines if machine["state"] == "gone"]
    is_open = any(change["cause"] == "private_ip" and change["effect"] == "unknown" for change in changes)
    if bool(refused) != bool(plan.errors) and not is_open:
        return f"m1c diff says {'that it is refused' if refused else 'nothing of a refusal'}:\n{summary(changes)}\n{plan}"
    if plan.errors:
        return None
    planned = {tail(address): action for address, action in plan.changes.items()}
    missing, unsaid = of_machines_and_volumes(cluster, planned)
    more_missing, more_unsaid = of_others(cluster, planned)
    missing, unsaid = missing | more_missing, unsaid | more_unsaid
    if missing or unsaid:
        return f"m1c diff says {sorted(missing)} in vain, and nothing of {sorted(unsaid)}:\n{summary(changes)}\n{plan}"
    return None


def of_machines_and_volumes(cluster, planned):
    """What is said in vain, and what is planned and not said."""
    wanted, possible = {}, {}
    for machine in cluster["machines"]:
        name = machine["name"]
        if machine["state"] == "new":
            wanted[f'aws_instance.node["{name}"]'] = "create"
            continue
        for change in machine["changes"]:
            found = re.match(r"volumes\[(.+?)\](?:\.(.+))?$", change["cause"])
            if found and found[1] != "root":
                address = f'aws_ebs_volume.data["{name}:{found[1]}"]'
                if not found[2]:
                    wanted[address] = "create"
                elif change["effect"] == "update" and not found[2].startswith("vars"):
                    wanted[address] = "update"
            elif change["cause"] == "type" and change["effect"] == "reboot":
                wanted[f'aws_instance.node["{name}"]'] = "update"
            else:
                possible[f'aws_instance.node["{name}"]'] = "update"
    missing = {address for address, action in wanted.items() if planned.get(address) != action}
    common = {key(change) for change in cluster["changes"]}
    unsaid = set()
    for address, action in planned.items():
        if not address.startswith(MACHINES_AND_VOLUMES):
            continue
        name = re.search(r'\["([^":]+)', address)[1]
        is_said = (
            wanted.get(address) == action
            # A volume of a new machine comes with it.
            or wanted.get(f'aws_instance.node["{name}"]') == action == "create"
            # Tags of a machine are those of its volumes.
            or action == "update"
            and (f'aws_instance.node["{name}"]' in possible or bool(common & OF_ALL_MACHINES))
        )
        if not is_said:
            unsaid.add(f"{action} {address}")
    return missing, unsaid


def of_others(cluster, planned):
    """The same, of what is no machine and no volume."""
    machines = cluster["machines"]
    changes = [change for machine in machines for change in machine["changes"]] + cluster["changes"]
    causes = {key(change) for change in changes}
    if any(machine["state"] == "new" for machine in machines):
        causes.add("new")
    unsaid, done = set(), set()
    for address, action in planned.items():
        kind = address.partition(".")[0]
        if address.startswith(MACHINES_AND_VOLUMES) or kind == "terraform_data":
            continue
        done |= CAUSES.get(kind, set())
        if action == "update" and causes & IN_ALL_TAGS:
            continue
        if not CAUSES.get(kind, set()) & causes:
            unsaid.add(f"{action} {address}")
    if any(address.startswith(MACHINES_AND_VOLUMES) for address in planned):
        done |= OF_ALL_MACHINES
    said = {key(change) for change in changes if change["effect"] in ("create", "update")}
    missing = said & set().union(*CAUSES.values()) - done - {"volumes"}
    return missing, unsaid


def key(change):
    """The key of config.yml that has changed."""
    return re.match(r"\w+", change["cause"])[0]


def summary(changes):
    return "\n".join(f"{change['effect']}: {change['cause']}" for change in changes)
