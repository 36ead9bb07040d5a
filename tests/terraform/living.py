"""A cluster with a lock whose source changes while it runs: every edit is applied, and touches nothing that is there."""

import pathlib
import re
from dataclasses import dataclass

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
        kept = {name: after.get(name) for name in before}
        if len(after) != len(before) + edit.adds or kept != before:
            return f"these machines were: {before}\nand these are: {after}"
        failure = self.take(aws)
        if failure:
            return failure
        plan = self.stack.plan()
        if plan.errors or plan.but("create"):
            return f"what is there would be touched:\n{plan}"
        new = {address for address in plan.changes if re.search(r"\baws_instance\.node\[", address)}
        if len(new) != edit.adds:
            return f"{edit.adds} machines should come:\n{plan}"
        return self.applied()

    def applied(self):
        output, code = self.stack.run("apply", "-auto-approve", "-input=false", "-no-color")
        if code != 0:
            return f"terraform apply fails:\n{output}"
        return None


def failures(options):
    return Living(options).failures() if options.can_run("aws") else []
