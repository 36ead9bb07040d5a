"""A cluster with a lock whose source changes while it runs: every edit is applied, and touches nothing that is there."""

import pathlib
import re
from dataclasses import dataclass, field

import changes
import cloud
import expected
import processes
from stack import PUBLIC_KEY, Stack

SOURCE = """\
cluster orders {
  postgres postgresql 16
  failover repmgr
  platform aws

  location paris { data 2 }
  location london { data 2 }
}
"""


@dataclass
class Edit:
    """Texts in place of texts, and how many machines that adds."""

    name: str
    texts: dict
    adds: int
    # The new names of machines that are called otherwise.
    renames: dict = field(default_factory=dict)

    def judge(self, plan):
        """What is wrong with the plan, or nothing."""
        # Under another name machines and subnets have other tags.
        fine = ("create", "move", "update") if self.renames else ("create",)
        if plan.errors or plan.but(*fine):
            return f"what is there would be touched:\n{plan}"
        new = {address for address, action in plan.changes.items() if is_machine(address) and action == "create"}
        if len(new) != self.adds:
            return f"{self.adds} machines should come:\n{plan}"
        return None


@dataclass
class Leaving(Edit):
    """A location leaves the source. Terraform still reaches what it has there: it protects it, and fails for nothing else."""

    def judge(self, plan):
        held = changes.protected(plan)
        if not held:
            return f"the plan should fail for what is protected alone:\n{plan}"
        return None


def is_machine(address):
    return re.search(r"\baws_instance\.node\[", address)


EDITS = [
    Edit(
        "a machine in the first location, and a location before the last",
        {"paris { data 2 }": "paris { data 3 }\n  location madrid { data 1 }"},
        adds=2,
    ),
    Edit(
        "the locations turned round, and names after another pattern",
        {
            "  location paris { data 3 }\n": "",
            "london { data 2 }\n": "london { data 2 }\n  location paris { data 3 }\n",
            "  platform aws\n": '  platform aws\n  hostnames = "{role}{id}"\n',
        },
        adds=0,
    ),
    Edit(
        "the primary in another location, and a machine there",
        {"london { data 2 }": "london { data 3 }", "  platform aws\n": "  platform aws\n  primary_location = london\n"},
        adds=1,
    ),
    Edit(
        "a PEM server, and a location with a witness first",
        {"  location madrid": "  location zurich { witness }\n  location madrid", "repmgr\n": "repmgr\n  monitor pem\n"},
        adds=2,
    ),
    Edit(
        "a data node by its name, and one with a new name",
        {"paris { data 3 }": "paris { replica kestrel; data 2; replica paris-db2 }"},
        adds=1,
    ),
    Edit(
        "names in hosts, and the failover manager that needs etcd",
        {
            "failover repmgr": "failover patroni",
            "  monitor pem\n": "  monitor pem\n  hosts { %s }\n" % "; ".join(f"host{number}" for number in range(20)),
        },
        adds=3,
    ),
    Edit(
        "a location and two machines with other names",
        {
            "primary_location = london": "primary_location = thames",
            "location london {": "location thames { was = london;",
            "replica kestrel;": "replica heron { was = kestrel };",
            "replica paris-db2 ": "replica egret { was = paris-db2 } ",
        },
        adds=0,
        renames={"kestrel": "heron", "paris-db2": "egret"},
    ),
    Edit(
        "one of them with a third name, and a location in another region",
        {
            "heron { was = kestrel };": "swift { was = [kestrel, heron] };",
            "  location zurich": "  location boston { region = us-east-1; data 1 }\n  location zurich",
        },
        adds=1,
        renames={"heron": "swift"},
    ),
    Leaving(
        "the other region leaves",
        {"  location boston { region = us-east-1; data 1 }\n": ""},
        adds=-1,
    ),
]


class Living:
    def __init__(self, options):
        self.options = options
        self.folder = pathlib.Path(options.scratch, "living")
        self.folder.mkdir()
        self.source = self.folder / "orders.m1"
        self.stack = Stack(options.terraform, self.folder / "stack")
        self.stack.folder.mkdir()

    def failures(self):
        """What an edit does that it should not."""
        self.source.write_text(SOURCE, encoding="utf-8")
        self.build()
        aws = cloud.Cloud(sorted(self.config().images()), self.folder)
        try:
            (self.stack.folder / "id.pub").write_text(PUBLIC_KEY, encoding="utf-8")
            variables = 'ssh_cidrs = ["198.51.100.0/24"]\nssh_public_key_file = "id.pub"\n'
            (self.stack.folder / "terraform.tfvars").write_text(variables, encoding="utf-8")
            failure = self.take(aws) or self.applied()
            if failure:
                return [f"living: {failure}"]
            return [f"living: {edit.name}: {failure}" for edit in EDITS if (failure := self.edit(edit, aws))]
        finally:
            aws.stop()

    def build(self):
        output, code = processes.run(
            [self.options.m1c, "build", "--color=never", "--target=tpa,terraform", f"--out={self.folder}", self.source]
        )
        if code != 0:
            raise RuntimeError(f"m1c builds nothing:\n{output}")

    def config(self):
        return expected.Config(self.folder / "orders" / "config.yml")

    def numbers(self):
        return {machine.name: machine.keys["node"] for machine in self.config().machines}

    def take(self, aws):
        self.stack.take(self.folder / "orders" / "terraform")
        self.stack.override(aws.endpoint)
        output, code = self.stack.init(self.options.providers)
        return f"terraform init fails:\n{output}" if code != 0 else None

    def edit(self, edit, aws):
        text = self.source.read_text(encoding="utf-8")
        before = self.numbers()
        for old, new in edit.texts.items():
            if text.count(old) != 1:
                raise ValueError(f"{edit.name}: {text.count(old)} times in the source: {old}")
            text = text.replace(old, new)
        self.source.write_text(text, encoding="utf-8")
        self.build()
        after = self.numbers()
        kept = {name: after.get(edit.renames.get(name, name)) for name in before}
        lost = [name for name, number in kept.items() if number != before[name]]
        if len(after) != len(before) + edit.adds or len(lost) > max(0, -edit.adds):
            return f"these machines were: {before}\nand these are: {after}"
        failure = self.take(aws)
        if failure:
            return failure
        failure = edit.judge(self.stack.plan())
        if failure or isinstance(edit, Leaving):
            return failure
        return self.applied()

    def applied(self):
        output, code = self.stack.run("apply", "-auto-approve", "-input=false", "-no-color")
        if code != 0:
            return f"terraform apply fails:\n{output}"
        return None


def failures(options):
    return Living(options).failures() if options.can_run("aws") else []
