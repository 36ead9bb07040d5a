"""What `m1c diff` says of an edit, and what Terraform plans: the same for machines and volumes, and for what is refused."""

import json
import re

import processes
from changes import tail

# What changes machines in place, and stands at no single machine.
OF_ALL_MACHINES = {"cluster_tags", "ec2_groups", "cluster_profile", "instance_profile_name", "cluster_name"}
IN_PLACE = {"update", "reboot"}


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
    common = {change["cause"].partition(".")[0].partition("[")[0] for change in cluster["changes"]}
    wanted, possible = {}, {}
    for machine in machines:
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
    planned = {tail(address): action for address, action in plan.changes.items()}
    precious = {
        address: action
        for address, action in planned.items()
        if address.startswith(("aws_instance.node", "aws_ebs_volume.data"))
    }
    missing = {address for address, action in wanted.items() if precious.get(address) != action}
    unsaid = set()
    for address, action in precious.items():
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
    if missing or unsaid:
        return f"m1c diff says {sorted(missing)} in vain, and nothing of {sorted(unsaid)}:\n{summary(changes)}\n{plan}"
    return None


def summary(changes):
    return "\n".join(f"{change['effect']}: {change['cause']}" for change in changes)
