"""A built folder, and what Terraform says of it."""

import json
import pathlib
import re
import shutil

import processes

# The services that a cluster needs; every request must stay on the loopback.
SERVICES = ["ec2", "iam", "kms", "route53", "s3", "sts"]

# Half of a key pair; the other half was thrown away.
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1jTWMxTTFjTTFjTTFjTTFjTTFjTTFjTTFjTTFjTTFj nobody\n"


class Stack:
    """A folder with configuration and state, and the Terraform that works in it."""

    def __init__(self, terraform, folder):
        self.terraform = terraform
        self.folder = pathlib.Path(folder)
        self.taken = []

    def run(self, *arguments):
        environment = {
            "CHECKPOINT_DISABLE": "1",
            # Half of what a provider does in its few seconds is collecting garbage.
            "GOGC": "400",
            "TF_CLI_CONFIG_FILE": "/dev/null",
            "TF_IN_AUTOMATION": "1",
        }
        return processes.run([self.terraform, *arguments], environment, cwd=self.folder)

    def take(self, built):
        """Takes what was built in place of what it had of that before; the state and what a user adds stay."""
        for old in self.taken:
            (self.folder / old).unlink()
        shutil.copytree(built, self.folder, dirs_exist_ok=True)
        self.taken = [path.relative_to(built) for path in built.rglob("*") if path.is_file()]

    def init(self, providers):
        mirror = [f"-plugin-dir={providers}"] if providers else []
        return self.run("init", "-input=false", "-no-color", *mirror)

    def override(self, endpoint):
        """Points every AWS provider of the configuration to the stand-in, as an override file."""
        override = self.folder / "loopback_override.tf"
        override.unlink(missing_ok=True)
        text = "\n".join(path.read_text(encoding="utf-8") for path in self.folder.glob("*.tf"))
        blocks = re.findall(r'^provider "aws" \{\n(.*?)^\}', text, re.M | re.S)
        aliases = [re.search(r'^  alias\s*= "(\w+)"', block, re.M) for block in blocks]
        lines = []
        for alias in aliases:
            lines += [
                'provider "aws" {',
                f'  alias = "{alias[1]}"' if alias else "",
                '  access_key                  = "testing"',
                '  secret_key                  = "testing"',
                "  skip_credentials_validation = true",
                "  skip_metadata_api_check     = true",
                "  skip_requesting_account_id  = true",
                "  s3_use_path_style           = true",
                "  endpoints {",
                *[f'    {service} = "{endpoint}"' for service in SERVICES],
                "  }",
                "}",
            ]
        override.write_text("\n".join(lines), encoding="utf-8")

    def plan(self, *options):
        """What a plan would do, an action to each address, and the errors."""
        output, code = self.run("plan", "-input=false", "-json", "-lock=false", *options)
        changes, errors = {}, []
        for message in map(json.loads, filter(lambda line: line.startswith("{"), output.splitlines())):
            if message["type"] == "planned_change":
                changes[message["change"]["resource"]["addr"]] = message["change"]["action"]
            elif message["type"] == "diagnostic" and message["diagnostic"]["severity"] == "error":
                errors.append(message["diagnostic"])
        if code != 0 and not errors:
            errors.append({"summary": output, "detail": ""})
        return Plan(changes, errors)

    def outputs(self):
        output, code = self.run("output", "-json")
        if code != 0:
            raise RuntimeError(output)
        return {name: value["value"] for name, value in json.loads(output).items()}


class Plan:
    def __init__(self, changes, errors):
        self.changes = changes
        self.errors = errors

    def __str__(self):
        changes = [f"{action} {address}" for address, action in sorted(self.changes.items())]
        return "\n".join([*changes, *(f"{error['summary']}: {error['detail']}" for error in self.errors)]) or "nothing"

    def but(self, *actions):
        """The addresses that something else is done to."""
        return {address: action for address, action in self.changes.items() if action not in actions}
