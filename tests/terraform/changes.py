"""What happens to machines that run when their source changes: judged by the plan, never applied."""

import re
import shutil
from dataclasses import dataclass, field


@dataclass
class Change:
    """A source with other settings. `judge` says what is wrong with its plan, or nothing."""

    name: str
    settings: dict

    def judge(self, stack, before, after):
        plan = stack.plan("-refresh=false")
        if plan.errors:
            return f"the plan fails:\n{plan}"
        return self.judge_plan(plan, before, after)


@dataclass
class Nothing(Change):
    """What is not a concern of the machines' hardware."""

    def judge_plan(self, plan, before, after):
        return f"this would be changed:\n{plan}" if plan.changes else None


@dataclass
class Update(Change):
    """Only these resources change, in place."""

    addresses: set = field(default_factory=set)

    def judge_plan(self, plan, before, after):
        if {tail(address) for address in plan.changes} != self.addresses or plan.but("update"):
            return f"the plan is another one:\n{plan}"
        return None


@dataclass
class Keep(Change):
    """Nothing is made or goes; tags may change."""

    def judge_plan(self, plan, before, after):
        return f"more than tags would be changed:\n{plan}" if plan.but("update") else None


@dataclass
class Grow(Change):
    """New machines come with all that is theirs, their locations with what they need, and nothing else is touched.

    Rules of security groups are resources of their own: a new subnet gets new ones.
    """

    def judge_plan(self, plan, before, after):
        old = {machine.name for machine in before.machines}
        new = [machine for machine in after.machines if machine.name not in old]
        if not new:
            return "the source does not grow"
        if plan.but("create"):
            return f"what is there would be touched:\n{plan}"
        created = {tail(address) for address in plan.changes}
        for machine in new:
            missing = resources_of(machine) - created
            if missing:
                return f"not all of {machine.name} would be created, but not {sorted(missing)}:\n{plan}"
        new_places = {machine.location for machine in new} - {machine.location for machine in before.machines}
        if not new_places:
            others = [address for address in plan.changes if host_of(address) not in {machine.name for machine in new}]
            if others:
                return f"more than the new machines would be created:\n{plan}"
        return None


# What a user writes who means it, as `docs/terraform.md` says: a file that takes the protection away.
ALLOWED = ("aws_instance.node", "aws_vpc.cluster", "aws_internet_gateway.cluster")
OVERRIDE = "modules/region/allow_override.tf"


@dataclass
class Shrink(Change):
    """What is there holds on: the plan fails for machines that are gone, for their volumes, and for the VPC of a region
    that has no machines any more; and for nothing else.

    Given up by `terraform state rm`, the volumes stay; where the rest may go, all else of these machines does. A machine
    under another name is a new one.
    """

    def judge(self, stack, before, after):
        gone = {machine.name for machine in before.machines} - {machine.name for machine in after.machines}
        new = {machine.name for machine in after.machines} - {machine.name for machine in before.machines}
        volumes = {
            f'aws_ebs_volume.data["{name}:{device}"]' for name in gone for device in before.machine(name).data_devices()
        }
        kept = volumes | {f'aws_instance.node["{name}"]' for name in gone}
        # What holds a VPC is in it: Terraform looks no further.
        if set(before.regions) - set(after.regions):
            kept = {"aws_vpc.cluster[0]"}
        plan = stack.plan("-refresh=false")
        held = protected(plan)
        if held is None or {tail(address) for address in held} != kept:
            return f"the plan should fail for {sorted(kept)}, and nothing else:\n{plan}"
        shutil.copy(stack.folder / "terraform.tfstate", stack.folder / "given-up.tfstate")
        listed, _ = stack.run("state", "list", "-state=given-up.tfstate")
        given_up = [address for address in listed.splitlines() if tail(address) in volumes]
        output, code = stack.run("state", "rm", "-state=given-up.tfstate", *given_up) if given_up else ("", 0)
        if code != 0:
            return f"terraform state rm fails:\n{output}"
        override = stack.folder / OVERRIDE
        override.write_text("\n".join(map(unprotected, ALLOWED)), encoding="utf-8")
        plan = stack.plan("-refresh=false", "-state=given-up.tfstate")
        override.unlink()
        deleted = {host_of(address) for address, action in plan.changes.items() if action == "delete"}
        created = {host_of(address) for address, action in plan.changes.items() if action == "create"}
        staying = {machine.name for machine in after.machines} - new | set(after.locations)
        touched = {host_of(address) for address in plan.changes} & staying
        if plan.errors or plan.but("create", "delete") or touched or not gone <= deleted or not new <= created:
            return f"with the volumes given up, only {sorted(gone)} should go, and {sorted(new)} come:\n{plan}"
        if before.locations == after.locations and (deleted != gone or created != new):
            return f"only machines should come and go:\n{plan}"
        return None


def unprotected(resource):
    kind, name = resource.split(".")
    return f'resource "{kind}" "{name}" {{\n  lifecycle {{\n    prevent_destroy = false\n  }}\n}}\n'


def protected(plan):
    """The addresses that a plan fails for because of `prevent_destroy`, or nothing if it fails otherwise."""
    if not plan.errors or any(error["summary"] != "Instance cannot be destroyed" for error in plan.errors):
        return None
    return {re.search(r"Resource (\S+(?: \S+)*?) has", " ".join(error["detail"].split()))[1] for error in plan.errors}


def resources_of(machine):
    """The addresses of what every machine has, without that of its region's module."""
    disks = {
        f'{kind}.data["{machine.name}:{device}"]'
        for kind in ("aws_ebs_volume", "aws_volume_attachment")
        for device in machine.data_devices()
    }
    return {f'aws_instance.node["{machine.name}"]', *disks}


def tail(address):
    """An address without the modules that it is in."""
    return re.sub(r"^(module\.\w+\.)+", "", address)


def host_of(address):
    """The machine that a resource belongs to by its key: a host's name, or `host:device`."""
    key = re.search(r'\["([^":]*)(?::[^"]*)?"\]$', address)
    return key[1] if key else None
