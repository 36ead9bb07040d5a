"""Edits of clusters that run, as an operator makes them, and what Terraform has to plan: judged, never applied.

No edit may cost a machine, a volume, an address or a network. It is harmless, or Terraform refuses it before anything is
done. `docs/terraform.md` has a row for each; `check_page` holds it to that.
"""

import pathlib
import re
import shutil
from dataclasses import dataclass, field

from changes import tail

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "terraform.md"
HEADING = "## Edits of a running cluster"

# What costs data, or addresses that others know, when it goes or is replaced.
PRECIOUS = {
    "aws_ebs_volume",
    "aws_eip",
    "aws_instance",
    "aws_internet_gateway",
    "aws_subnet",
    "aws_volume_attachment",
    "aws_vpc",
    "aws_vpc_peering_connection",
}

# How Terraform says that it refuses.
REFUSALS = {
    "Instance cannot be destroyed",
    "Provider configuration not present",
    "Resource postcondition failed",
    "Resource precondition failed",
}


@dataclass
class Edit:
    """What is written in place of what. `@kestrel.private_ip@` is what Terraform knows of a machine."""

    name: str
    texts: dict
    # The edit as the page calls it.
    row: str = ""
    # Whether continuous integration looks at it too. Several edits in one plan are quicker than each in its own.
    quick: bool = False
    variables: str = ""
    other_image: bool = False
    # Whether it names providers that the state does not know.
    needs_init: bool = False
    # Addresses that the state has otherwise, as an earlier m1c made it.
    earlier: dict = field(default_factory=dict)
    # What Terraform has planned.
    plan: object = None

    @property
    def is_in_source(self):
        """Whether all of it is in the source, where m1c can see it."""
        return bool(self.texts) and not self.variables and not self.earlier

    def source(self, text, hosts):
        for old, new in self.texts.items():
            if text.count(old) != 1:
                raise ValueError(f"{self.name}: {text.count(old)} times in the source: {old}")
            text = text.replace(old, new)
        return re.sub(r"@([\w-]+)\.(\w+)@", lambda found: hosts[found[1]][found[2]], text)

    def judge(self, stack, refresh):
        options = [] if refresh else ["-refresh=false"]
        if self.earlier:
            shutil.copy(stack.folder / "terraform.tfstate", stack.folder / "earlier.tfstate")
            for now, then in self.earlier.items():
                output, code = stack.run("state", "mv", "-state=earlier.tfstate", now, then)
                if code != 0:
                    return f"terraform state mv fails:\n{output}"
            options.append("-state=earlier.tfstate")
        self.plan = stack.plan(*options)
        return self.judge_plan(self.plan)


@dataclass
class Harmless(Edit):
    """Nothing precious goes, and nothing else but what is named in `goes`."""

    goes: set = field(default_factory=set)
    # What has to be in the plan: an action to each address, without modules. The plan may do more.
    does: dict = field(default_factory=dict)

    verdict = "harmless"

    def judge_plan(self, plan):
        if plan.errors:
            return f"the plan fails:\n{plan}"
        gone = {tail(address) for address, action in plan.changes.items() if action in ("delete", "replace")}
        if gone != self.goes or {address.partition(".")[0] for address in gone} & PRECIOUS:
            return f"this should go: {sorted(self.goes)}\n{plan}"
        found = {tail(address): action for address, action in plan.changes.items()}
        missing = {address for address, action in self.does.items() if found.get(address) != action}
        return f"this should be done: {sorted(missing)}\n{plan}" if missing else None


@dataclass
class Refused(Edit):
    """Terraform refuses the plan, with these words in its messages."""

    words: str = "prevent_destroy"
    more_words: tuple = ()

    verdict = "refused"

    def judge_plan(self, plan):
        others = [error["summary"] for error in plan.errors if error["summary"] not in REFUSALS]
        if not plan.errors or others:
            return f"the plan should be refused:\n{plan}"
        said = " ".join(" ".join(error["detail"].split()) for error in plan.errors)
        missing = [words for words in (self.words, *self.more_words) if words not in said]
        return f"no message says {missing}:\n{plan}" if missing else None


NOT_ON_THE_PAGE = {"edit", "nothing", "several at once", "several that are refused, at once"}


def page_failures(cases):
    """What the page says of edits, and what is checked: the same."""
    text = PAGE.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]
    written = dict(re.findall(r"^\| ([^|]+?) \| (\w+) \|", text, re.M))
    checked = {edit.row: edit.verdict for edits in cases for edit in edits}
    rows = (written.keys() | checked.keys()) - NOT_ON_THE_PAGE
    wrong = {row for row in rows if written.get(row) != checked.get(row)}
    return [f"docs/terraform.md and edits.py differ: {row}" for row in sorted(wrong)]


def nodes(kind, *names):
    return {f'{kind}["{name}"]': "update" for name in names}


ALL = ("kestrel", "merlin", "hobby", "heron", "osprey", "robin")
OSPREY = "    replica osprey {\n      settings { volumes = [] }\n    }\n"
HOBBY = "    replica hobby {\n      settings { assign_elastic_ip = true }\n    }\n"
ROOT = "root     16GB { type = gp3 }"
POSTGRES = "postgres 20GB { type = gp3 }"
WAL = 'wal      10GB { device = "/dev/sdg" }'
MERLIN_J = "settings { delete_on_termination = true }"
LOCATION_B = "  location b {\n    subnet = 10.33.0.16/28\n"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"

# Of `sources/edits.m1`.
ONE_REGION = [
    Harmless(
        "what is harmless, at once",
        {
            MERLIN_J: "settings { delete_on_termination = false }",
            POSTGRES: "postgres 40GB { type = gp3; encrypted = false }",
            ROOT: "root 16GB { type = gp3; encrypted = false }",
            "primary kestrel {": "primary kestrel {\n      private = @kestrel.private_ip@\n",
            "  location a {": "  settings { ec2_instance_key = team }\n\n  location a {",
        },
        row="several at once",
        quick=True,
        goes={"aws_key_pair.cluster[0]"},
        does={'aws_ebs_volume.data["kestrel:/dev/sdf"]': "update"},
    ),
    Refused(
        "what is refused, at once",
        {
            POSTGRES: "postgres 10GB { type = gp3 }",
            WAL: 'wal 10GB { device = "/dev/sdh" }',
            "primary kestrel {": "primary kestrel {\n      private = 10.33.0.11\n",
            "type      = gp3\n          encrypted = false": "type      = gp3",
            "assign_elastic_ip = true": 'elastic_ip = "@hobby.public_ip@"',
            OSPREY: "",
        },
        row="several that are refused, at once",
        quick=True,
        words="EBS makes no volume smaller",
        more_words=(
            'aws_ebs_volume.data["kestrel:/dev/sdg"]',
            "keeps its private address",
            "The root volume of robin is not encrypted",
            'aws_eip.node["hobby"]',
            'aws_instance.node["osprey"]',
        ),
    ),
    Harmless("nothing", {}, row="nothing"),
    # Machines.
    Harmless(
        "another type of machine",
        {'instance = "m6i.large"': 'instance = "m6i.xlarge"'},
        row="`instance`: a type of the same architecture",
        does=nodes("aws_instance.node", *ALL),
    ),
    Refused(
        "a type of another architecture",
        {"replica hobby {\n": 'replica hobby {\n      instance = "m7g.large"\n'},
        row="`instance`: a type of another architecture",
    ),
    Harmless("another image", {"os Debian 12": "os Debian 11"}, row="`os`, `image`", other_image=True),
    Harmless(
        "a machine more, before all others",
        {"    primary kestrel": "    replica bittern\n    primary kestrel"},
        row="a machine more, wherever it stands",
        does={'aws_instance.node["bittern"]': "create", 'aws_instance.node["kestrel"]': "update"},
    ),
    Refused("a machine less", {HOBBY: ""}, row="a machine less", words='aws_instance.node["hobby"]'),
    Refused("a machine without volumes less", {OSPREY: ""}, row="a machine less", words='aws_instance.node["osprey"]'),
    Refused("a machine with another name", {"primary kestrel {": "primary falcon {"}, row="a machine's name"),
    Refused(
        "a machine without volumes with another name",
        {"replica osprey {": "replica falcon {"},
        row="a machine's name",
    ),
    Harmless(
        "machines in another order",
        {HOBBY: "", "    barman heron\n": "    barman heron\n" + HOBBY},
        row="the order of machines",
    ),
    Harmless(
        "another number for a machine",
        {"replica hobby {\n": "replica hobby {\n      id = 30\n"},
        row="`id`",
        does=nodes("aws_instance.node", "hobby"),
    ),
    Harmless(
        "another primary",
        {"primary kestrel": "replica kestrel", "replica hobby": "primary hobby"},
        row="`primary` and `replica` changed",
    ),
    Refused(
        "a replica becomes the Barman server",
        {"replica hobby {": "barman hobby {", "barman heron": "replica heron"},
        row="a data node becomes a Barman server",
        words="was made for postgres_data",
    ),
    Refused(
        "a machine in another location",
        {HOBBY: "", OSPREY: OSPREY + HOBBY},
        row="a machine in another location",
        words='aws_instance.node["hobby"]',
    ),
    Harmless(
        "protection from termination",
        {"replica hobby {\n": "replica hobby {\n      settings { termination_protection = true }\n"},
        row="`termination_protection`",
        does=nodes("aws_instance.node", "hobby"),
    ),
    Harmless(
        "a disk of the machine itself",
        {MERLIN_J: MERLIN_J + ' }\n        disk 10GB { device = "/dev/sdz"; settings { ephemeral = ephemeral0 }'},
        row="`ephemeral` disks",
    ),
    # Locations.
    Refused(
        "a location before others, which moves zones",
        {"  location a {": "  location zero { subnet = 10.33.0.48/28; replica puffin }\n\n  location a {"},
        row="a location before others",
        quick=True,
        words="is in eu-west-1a, and its location is in eu-west-1b now",
    ),
    Harmless(
        "a location before others, with zones written",
        {
            "  location a {": "  location zero { zone = c; subnet = 10.33.0.48/28; replica puffin }\n\n  location a {\n    zone = a\n",
            LOCATION_B: LOCATION_B + "    zone = b\n",
        },
        row="a location before others, where `zone` and `subnet` are written",
        does={'aws_instance.node["puffin"]': "create"},
    ),
    Harmless(
        "a location behind the others",
        {
            LOCATION_B: "  location c { subnet = 10.33.0.48/28; zone = c; replica puffin }\n"
            + LOCATION_B
            + "    zone = b\n"
        },
        row="a location behind the others",
        does={'aws_instance.node["puffin"]': "create"},
    ),
    Refused("another zone", {LOCATION_B: LOCATION_B + "    zone = c\n"}, row="`zone`", words="is in eu-west-1b"),
    Refused(
        "another subnet",
        {"subnet = 10.33.0.16/28": "subnet = 10.33.0.32/28"},
        row="`subnet`",
        words='aws_instance.node["osprey"]',
    ),
    Refused(
        "subnets that change places",
        {"0.0/28\n\n    primary": "0.16/28\n\n    primary", "0.16/28\n\n    #": "0.0/28\n\n    #"},
        row="`subnet`",
        words="its location is in",
    ),
    Harmless("a location with another name", {"location b {": "location west {"}, row="a location's name"),
    Refused(
        "a location less",
        {
            "cluster edits {": "param kept = 1\n\ncluster edits {",
            LOCATION_B: "  if $kept == 2 {\n" + LOCATION_B,
            "    }\n  }\n}\n": "    }\n  }\n  }\n}\n",
        },
        row="a location less",
        words='aws_instance.node["osprey"]',
    ),
    Refused(
        "another region",
        {"    os Debian 12\n": "    os Debian 12\n    region = eu-central-1\n"},
        row="`region`",
        words="provider",
        needs_init=True,
    ),
    # Volumes.
    Harmless(
        "a volume that is to be kept",
        {MERLIN_J: "settings { delete_on_termination = false }"},
        row="`delete_on_termination`, any way",
    ),
    Harmless("nothing said of whether it is kept", {MERLIN_J: ""}, row="`delete_on_termination`, any way"),
    Harmless(
        "volumes that go with their machine",
        {POSTGRES: "postgres 20GB { type = gp3; settings { delete_on_termination = true } }"},
        row="`delete_on_termination`, any way",
    ),
    Refused(
        "a state in which volumes that go with their machine are another resource",
        {},
        row="a state in which an earlier m1c has `aws_ebs_volume.disposable`",
        words='aws_ebs_volume.disposable["merlin:/dev/sdj"]',
        earlier={
            'module.eu_west_1.aws_ebs_volume.data["merlin:/dev/sdj"]': 'module.eu_west_1.aws_ebs_volume.disposable["merlin:/dev/sdj"]'
        },
    ),
    Harmless(
        "larger volumes",
        {POSTGRES: "postgres 40GB { type = gp3 }", ROOT: "root 20GB { type = gp3 }"},
        row="a larger size",
        does={'aws_ebs_volume.data["kestrel:/dev/sdf"]': "update", 'aws_instance.node["kestrel"]': "update"},
    ),
    Refused(
        "smaller volumes",
        {POSTGRES: "postgres 10GB { type = gp3 }"},
        row="a smaller size",
        words="EBS makes no volume smaller",
    ),
    Refused(
        "a smaller root volume",
        {ROOT: "root 8GB { type = gp3 }"},
        row="a smaller size",
        words="EBS makes no volume smaller",
    ),
    Harmless(
        "other types, more operations",
        {POSTGRES: "postgres 20GB { type = io2; iops = 2000 }", ROOT: "root 16GB { type = gp2 }"},
        row="`type`, `iops`, `throughput`",
        does={'aws_ebs_volume.data["kestrel:/dev/sdf"]': "update"},
    ),
    Harmless(
        "more throughput",
        {POSTGRES: "postgres 20GB { type = gp3; iops = 4000; settings { throughput = 250 } }"},
        row="`type`, `iops`, `throughput`",
        does={'aws_ebs_volume.data["kestrel:/dev/sdf"]': "update"},
    ),
    Harmless(
        "without encryption",
        {
            POSTGRES: "postgres 20GB { type = gp3; encrypted = false }",
            ROOT: "root 16GB { type = gp3; encrypted = false }",
        },
        row="`encrypted = false` for what is encrypted",
    ),
    Refused(
        "encryption of a root volume that has none",
        {"type      = gp3\n          encrypted = false": "type      = gp3"},
        row="`encrypted = true` for what is not",
        words="The root volume of robin is not encrypted",
    ),
    Refused(
        "encryption of a volume that has none",
        {'"/dev/sdk"\n          encrypted = false': '"/dev/sdk"'},
        row="`encrypted = true` for what is not",
        words="The volume merlin:/dev/sdk is not encrypted",
    ),
    Refused(
        "volumes for a machine that had none",
        {OSPREY: "    replica osprey\n"},
        row="`encrypted = true` for what is not",
        words="osprey",
    ),
    Refused(
        "another key for a volume",
        {POSTGRES: f'postgres 20GB {{ type = gp3; settings {{ kms_key_id = "{KEY}" }} }}'},
        row="`kms_key_id`",
        words="keeps its key",
    ),
    Refused(
        "another key for a root volume",
        {ROOT: f'root 16GB {{ type = gp3; settings {{ kms_key_id = "{KEY}" }} }}'},
        row="`kms_key_id`",
        words="keeps its key",
    ),
    Harmless(
        "a key for all volumes",
        {},
        row="the variable `kms_key_arns`",
        variables=f'kms_key_arns = {{ "eu-west-1" = "{KEY}" }}',
    ),
    Harmless(
        "a snapshot",
        {POSTGRES: 'postgres 20GB { type = gp3; settings { snapshot_id = "snap-0123456789abcdef0" } }'},
        row="`snapshot_id`",
    ),
    Refused(
        "another device",
        {POSTGRES: 'postgres 20GB { type = gp3; device = "/dev/sdx" }'},
        row="`device`",
        words='aws_ebs_volume.data["kestrel:/dev/sdf"]',
    ),
    Refused(
        "devices that change places",
        {POSTGRES: 'postgres 20GB { type = gp3; device = "/dev/sdg" }', WAL: 'wal 20GB { device = "/dev/sdf" }'},
        row="`device`",
        words="was made for postgres_data",
    ),
    Refused(
        "disks that change places",
        {'device = "/dev/sdj"': 'device = "/dev/sdk"', 'device    = "/dev/sdk"': 'device = "/dev/sdj"'},
        row="`device`",
        words="was made for /srv/j",
    ),
    Harmless(
        "volumes in another order",
        {f"{POSTGRES}\n      {WAL}": f"{WAL}\n      {POSTGRES}"},
        row="the order of volumes",
    ),
    Harmless(
        "a volume more",
        {WAL: WAL + '\n      disk 5GB { device = "/dev/sde" }'},
        row="a volume more",
        does={'aws_ebs_volume.data["kestrel:/dev/sde"]': "create"},
    ),
    Refused("a volume less", {WAL: ""}, row="a volume less", words='aws_ebs_volume.data["kestrel:/dev/sdg"]'),
    Refused(
        "volumes of all machines removed from one",
        {"replica hobby {\n": "replica hobby {\n      volumes { wal none }\n"},
        row="a volume less",
        words='aws_ebs_volume.data["hobby:/dev/sdg"]',
    ),
    Refused(
        "no volumes any more",
        {"settings { assign_elastic_ip = true }": "settings { assign_elastic_ip = true; volumes = [] }"},
        row="a volume less",
        words='aws_ebs_volume.data["hobby:/dev/sdf"]',
    ),
    Harmless(
        "another file system",
        {WAL: 'wal 10GB { device = "/dev/sdg"; vars { fstype = xfs } }'},
        row="`vars` of a volume",
    ),
    Refused(
        "another mount point of a disk",
        {'mountpoint = "/srv/k"': 'mountpoint = "/srv/other"'},
        row="`mountpoint` of a disk",
        words="was made for /srv/k",
    ),
    # Addresses.
    Refused(
        "a private address",
        {"primary kestrel {": "primary kestrel {\n      private = 10.33.0.11\n"},
        row="`private`: another address than the machine has",
        words="keeps its private address",
    ),
    Harmless(
        "the private address that the machine has",
        {"primary kestrel {": "primary kestrel {\n      private = @kestrel.private_ip@\n"},
        row="`private`: the address that the machine has",
    ),
    Refused(
        "the elastic address that Terraform allocated",
        {"assign_elastic_ip = true": 'elastic_ip = "@hobby.public_ip@"'},
        row="`elastic_ip` in place of `assign_elastic_ip`",
        words='aws_eip.node["hobby"]',
    ),
    Refused(
        "another elastic address",
        {"assign_elastic_ip = true": 'elastic_ip = "@other.public_ip@"'},
        row="`elastic_ip` in place of `assign_elastic_ip`",
        words='aws_eip.node["hobby"]',
    ),
    Refused(
        "no elastic address any more",
        {"assign_elastic_ip = true": ""},
        row="`assign_elastic_ip` removed",
        words='aws_eip.node["hobby"]',
    ),
    Harmless(
        "an elastic address more",
        {"primary kestrel {": "primary kestrel {\n      settings { assign_elastic_ip = true }\n"},
        row="`assign_elastic_ip`, `elastic_ip` added",
        does={'aws_eip.node["kestrel"]': "create"},
    ),
    Harmless(
        "an elastic address that is there",
        {"primary kestrel {": 'primary kestrel {\n      settings { elastic_ip = "@other.public_ip@" }\n'},
        row="`assign_elastic_ip`, `elastic_ip` added",
        does={'aws_eip_association.node["kestrel"]': "create"},
    ),
    Harmless(
        "no public address",
        {"primary kestrel {": "primary kestrel {\n      settings { assign_public_ip = false }\n"},
        row="`assign_public_ip`",
    ),
    Refused(
        "private machines",
        {"    os Debian 12\n": "    os Debian 12\n    reachability = private\n"},
        row="`reachability = private` for public machines",
        words="aws_internet_gateway.cluster[0]",
    ),
    Harmless(
        "a name in DNS",
        {
            "primary kestrel {": 'primary kestrel {\n      settings { route53_zone = "example.org"; route53_hosted_zone_id = "Z0123456789" }\n'
        },
        row="`route53_zone`, `route53_hosted_zone_id`",
        does={'aws_route53_record.node["kestrel"]': "create"},
    ),
    # What machines are in.
    Harmless(
        "a key pair that exists",
        {"  location a {": "  settings { ec2_instance_key = team }\n\n  location a {"},
        row="`ec2_instance_key`",
        goes={"aws_key_pair.cluster[0]"},
    ),
    Harmless(
        "another name for the key pair",
        {"  location a {": '  settings { ec2_key_name = "other" }\n\n  location a {'},
        row="`ec2_key_name`, another public key",
        goes={"aws_key_pair.cluster[0]"},
    ),
    Harmless(
        "another public key",
        {},
        row="`ec2_key_name`, another public key",
        variables='ssh_public_key_file = "other.pub"',
        goes={"aws_key_pair.cluster[0]"},
    ),
    Harmless(
        "other rules",
        {"open 22 198.51.100.0/24": "open 22 203.0.113.0/24\n    open 5432 10.0.0.0/8"},
        row="`open`, `cluster_rules`",
        goes={'aws_vpc_security_group_ingress_rule.cluster["tcp 22 198.51.100.0/24"]'},
    ),
    Harmless(
        "a security group that exists",
        {"  location a {": "  settings { ec2_groups = { eu-west-1 = { group-name = databases } } }\n\n  location a {"},
        row="`ec2_groups`",
        goes={
            "aws_security_group.cluster[0]",
            "aws_vpc_security_group_egress_rule.all[0]",
            'aws_vpc_security_group_ingress_rule.cluster["tcp 22 198.51.100.0/24"]',
            'aws_vpc_security_group_ingress_rule.cluster["tcp 0-65535 10.33.0.0/28"]',
            'aws_vpc_security_group_ingress_rule.cluster["tcp 0-65535 10.33.0.16/28"]',
        },
        does=nodes("aws_instance.node", *ALL),
    ),
    Refused(
        "another network of the VPC",
        {"    os Debian 12\n": "    os Debian 12\n    vpc = { eu-west-1 = { Name = Test; cidr = 10.33.0.0/17 } }\n"},
        row="`vpc`: another network, or a VPC that exists",
        words="aws_vpc.cluster[0]",
    ),
    Refused(
        "a VPC that exists",
        {"    os Debian 12\n": '    os Debian 12\n    vpc = { eu-west-1 = { filters = { "tag:Name" = Shared } } }\n'},
        row="`vpc`: another network, or a VPC that exists",
        words="aws_vpc.cluster[0]",
    ),
    Refused(
        "the VPC that Terraform has made",
        {"    os Debian 12\n": '    os Debian 12\n    vpc = { eu-west-1 = { filters = { "tag:Name" = Test } } }\n'},
        row="`vpc`: another network, or a VPC that exists",
        words="aws_vpc.cluster[0]",
    ),
    Harmless(
        "another name of the VPC",
        {
            "    os Debian 12\n": "    os Debian 12\n    vpc = { eu-west-1 = { Name = Databases; cidr = 10.33.0.0/16 } }\n"
        },
        row="`vpc`: another name",
        does={"aws_vpc.cluster[0]": "update"},
    ),
    Harmless(
        "an instance profile that exists",
        {"  location a {": "  settings { instance_profile_name = databases }\n\n  location a {"},
        row="`instance_profile_name`, `cluster_profile`",
        goes={"aws_iam_instance_profile.node", "aws_iam_role.node", "aws_iam_role_policy.node"},
        does=nodes("aws_instance.node", *ALL),
    ),
    Harmless(
        "another name of the role",
        {"  location a {": '  settings { cluster_profile = "other" }\n\n  location a {'},
        row="`instance_profile_name`, `cluster_profile`",
        goes={"aws_iam_instance_profile.node", "aws_iam_role.node", "aws_iam_role_policy.node"},
        does=nodes("aws_instance.node", *ALL),
    ),
    Harmless(
        "other tags",
        {"Owner = someone": 'Owner = "Database Team"; Project = x', "Purpose = writes": "Purpose = reads"},
        row="`tags`",
        does=nodes("aws_instance.node", *ALL),
    ),
    Harmless(
        "a bucket, with files for it",
        {
            "    os Debian 12\n": '    os Debian 12\n    bucket = "files-of-the-databases"\n',
            "  location a {": '  settings { s3_uploads = ["*.yml"] }\n\n  location a {',
        },
        row="`bucket`, `s3_uploads`",
        does={"aws_iam_role_policy.node": "update"},
    ),
    Harmless(
        "another first boot",
        {"  location a {": '  settings { extra_user_data = "echo done"; cluster_ssh_port = 2222 }\n\n  location a {'},
        row="`cluster_ssh_port`, `pre_user_data`, `extra_user_data`, `user_data_environment`",
    ),
    Harmless(
        "another version of Postgres",
        {"postgres postgresql 16": "postgres postgresql 17\n  vars { postgres_conf_settings = { work_mem = 64MB } }"},
        row="what only the deployment reads",
    ),
    Harmless(
        "another name for the cluster",
        {"cluster edits {": "cluster orders {"},
        row="the cluster's name, with the state taken along",
        goes={
            "aws_iam_instance_profile.node",
            "aws_iam_role.node",
            "aws_iam_role_policy.node",
            "aws_key_pair.cluster[0]",
        },
    ),
]

DUBLIN = "  location dublin {\n    region = eu-west-1\n    subnet = 10.33.0.0/28\n"
FRANKFURT = "      region = eu-central-1\n      zone   = b\n      subnet = 10.34.0.0/28\n"
# A second machine in Frankfurt, that the regions may change places.
FIRST = "  location early {\n    region = eu-central-1\n    zone = a\n    subnet = 10.34.0.32/28\n    replica dunlin { id = 11 }\n  }\n\n"

# Of `sources/regions.m1`.
REGIONS = [
    Harmless(
        "regions in another order",
        {"region = [eu-west-1, eu-central-1, eu-north-1]": "region = [eu-north-1, eu-central-1, eu-west-1]"},
        row="the order of regions",
    ),
    Harmless(
        "a machine of another region before all others",
        {DUBLIN: FIRST + DUBLIN.replace("dublin {", "dublin {\n    zone = a"), FRANKFURT: FRANKFURT},
        row="the order of regions",
        does={'aws_instance.node["dunlin"]': "create"},
    ),
    Refused(
        "a location in another region",
        {FRANKFURT: FRANKFURT.replace("eu-central-1", "eu-west-1").replace("10.34.0.0", "10.33.0.64")},
        row="`region`",
        words="aws_vpc.cluster[0]",
    ),
    Refused(
        "a region less",
        {
            "region = [eu-west-1, eu-central-1, eu-north-1]": "region = [eu-west-1, eu-north-1]",
            '      eu-central-1 = { Name = "Test"; cidr = 10.34.0.0/16 }\n': "",
            FRANKFURT: FRANKFURT.replace("eu-central-1", "eu-west-1").replace("10.34.0.0", "10.33.0.64"),
        },
        row="`region`",
        words="provider",
        needs_init=True,
    ),
]

# Of `sources/private.m1`.
PRIVATE = [
    Harmless(
        "public machines",
        {"reachability = private": "reachability = public"},
        row="`reachability = public` for private machines",
        does={"aws_internet_gateway.cluster[0]": "create"},
    ),
    Refused(
        "a location before others, without subnets",
        {"  location a {": "  location zero { replica puffin { id = 9 } }\n\n  location a {"},
        row="a location before others",
        words="aws_instance.node",
    ),
    Refused(
        "addresses that change places",
        {
            "id = 1; private = 10.33.0.4": "id = 1; private = 10.33.0.5",
            "id = 2; private = 10.33.0.5": "id = 2; private = 10.33.0.4",
        },
        row="`private`: another address than the machine has",
        words="keeps its private address",
    ),
    Harmless("no private addresses", {"; private = 10.33.0.4": ""}, row="`private`: the address that the machine has"),
]

# Of `sources/existing.m1`: what exists is left for what Terraform makes.
EXISTING = [
    Harmless(
        "a key pair of its own",
        {'    ec2_instance_key      = "team"\n': ""},
        row="`ec2_instance_key`",
        does={"aws_key_pair.cluster[0]": "create"},
    ),
    Harmless(
        "a profile and a group of its own",
        {
            '    instance_profile_name = "databases"\n': "",
            '    ec2_groups            = { eu-west-1 = { group-name = ["databases"] } }\n': "",
        },
        row="`instance_profile_name`, `cluster_profile`",
        does={'aws_instance.node["db1"]': "update"},
    ),
    Refused(
        "a VPC of its own",
        {'    vpc = { eu-west-1 = { filters = { "tag:Name" = "Shared" } } }\n': ""},
        row="`vpc`: another network, or a VPC that exists",
        words='aws_instance.node["db1"]',
    ),
]

# Of `sources/addresses.m1`.
ADDRESSES = [
    Harmless(
        "another name in DNS",
        {
            'route53_zone           = "example.org"\n        route53_hosted_zone_id = $zone\n      }\n    }\n    replica db2': 'route53_zone           = "db.example.org"\n        route53_hosted_zone_id = $zone\n      }\n    }\n    replica db2'
        },
        row="`route53_zone`, `route53_hosted_zone_id`",
        goes={'aws_route53_record.node["db1"]'},
    ),
    Harmless(
        "an allocated address less",
        {"settings { elastic_ip = $elastic }": ""},
        row="`elastic_ip` of an address that is yours removed",
        goes={'aws_eip_association.node["db2"]'},
    ),
]
