"""Checks what m1c builds for Terraform, with real tools. `run.sh` says how, and what it has to leave out."""

import argparse
import json
import os
import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor

import yaml

import cloud
import edits
import effects
import expected
import findings
import living
import processes
from cases import CASES
from stack import PUBLIC_KEY, Stack

HERE = pathlib.Path(__file__).parent


class Failed(Exception):
    """What makes the rest of a case pointless."""


class Check:
    """One case on its way."""

    def __init__(self, case, options):
        self.case = case
        self.options = options
        self.folder = pathlib.Path(options.scratch, case.name)
        self.folder.mkdir()
        self.settings = dict(case.settings)
        self.failures = []

    def say(self, text):
        print(f"{self.case.name}: {text}", flush=True)

    def fail(self, text):
        self.failures.append(f"{self.case.name}: {text}")
        self.say(f"WRONG: {text}")

    def run(self):
        try:
            self.steps()
        except Failed as failure:
            self.fail(str(failure))
        return self.failures

    def steps(self):
        if self.case.platform == "aws" and self.options.can_run("aws"):
            self.on_aws()
            return
        built, _ = self.build("built")
        stack = self.stack(built)
        if self.options.can_run(self.case.platform):
            self.validate(stack)
        if self.case.platform == "bare" and self.options.can_run("bare"):
            self.on_bare(stack)

    def build(self, name, source=None, **settings):
        """Builds the source for Terraform and for TPA: the folder of the one, the config.yml of the other."""
        out = self.folder / name
        given = [f"--set={key}={value}" for key, value in {**self.settings, **settings}.items()]
        output, code = processes.run(
            [
                self.options.m1c,
                "build",
                "--color=never",
                # The sources belong to the repository, and an edit has to be judged as the page lists it.
                "--no-lock",
                "--target=tpa,ansible,terraform",
                f"--out={out}",
                *given,
                source or HERE.parent.parent / self.case.source,
            ]
        )
        if code != 0 or not list(self.built(name).glob("*.tf")):
            raise Failed(f"m1c builds nothing for Terraform:\n{output}")
        if self.options.terraform:
            self.must(
                Stack(self.options.terraform, self.built(name)).run(
                    "fmt", "-check", "-diff", "-recursive", "-no-color"
                ),
                "fmt",
            )
        return self.built(name), self.built(name).parent / "config.yml"

    def built(self, name="built"):
        """What was built of the one cluster; an edit may have called it otherwise."""
        folder = self.folder / name
        return next(folder.glob("*/terraform"), folder / self.case.cluster / "terraform")

    def stack(self, built):
        stack = Stack(self.options.terraform, self.folder / "stack")
        stack.take(built)
        return stack

    def validate(self, stack):
        self.must(stack.init(self.options.providers), "init")
        self.must(stack.run("validate", "-no-color"), "validate")
        self.say("formatted and valid")

    def must(self, result, what):
        output, code = result
        if code != 0:
            raise Failed(f"terraform {what} fails:\n{output}")

    def on_bare(self, stack):
        """Nothing is created; what comes out is the inventory, as for Ansible."""
        self.must(stack.run("apply", "-auto-approve", "-input=false", "-no-color"), "apply")
        file = self.folder / "built" / self.case.cluster / "inventory" / f"00-{self.case.cluster}"
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        inventory = "".join(line for line in lines if not line.startswith("#"))
        self.compare({"inventory": inventory}, {"inventory": stack.outputs()["inventory"]})

    def on_aws(self):
        stack_folder = self.folder / "stack"
        stack_folder.mkdir()
        aws = cloud.Cloud(self.images(), self.folder)
        try:
            self.settings |= self.case.prepare(aws, stack_folder)
            built, path = self.build("built")
            config = expected.Config(path)
            (stack_folder / "id.pub").write_text(PUBLIC_KEY, encoding="utf-8")
            (stack_folder / "terraform.tfvars").write_text(self.variables(), encoding="utf-8")
            stack = self.stack(built)
            self.validate(stack)
            self.apply(stack, aws, config)
            for change in self.case.changes:
                self.change(change, stack, aws, config)
            if not self.edits():
                return
            hosts = {**stack.outputs()["hosts"], **self.case.known(aws, stack.folder)}
            for edit in self.edits():
                self.edit(edit, stack, aws, hosts)
        finally:
            aws.stop()

    def variables(self):
        ssh = [f"ssh_cidrs = {json.dumps(self.case.ssh_networks)}"] if self.case.ssh_networks else []
        return "\n".join([*ssh, 'ssh_public_key_file = "id.pub"', self.case.variables, ""])

    def images(self):
        """The images that the source asks for, before and after its changes."""
        settings = [{}, *(change.settings for change in self.case.changes)]
        configs = [expected.Config(self.build(f"images-{n}", **some)[1]) for n, some in enumerate(settings)]
        for n, edit in enumerate(edit for edit in self.edits() if edit.other_image):
            source = self.edited(edit, f"images-edit-{n}", {})
            configs.append(expected.Config(self.build(f"images-edit-{n}", source=source)[1]))
        return sorted({image for config in configs for image in config.images()})

    def apply(self, stack, aws, config):
        stack.override(aws.endpoint)
        arguments = ["apply", "-auto-approve", "-input=false", "-no-color"]
        output, code = stack.run(*arguments)
        if code != 0:
            # On a busy machine an answer of the stand-in gets lost now and then, and the provider asks twice for what
            # can be had once. What is wrong with the configuration is so the second time too.
            self.say(f"apply fails, and is tried once more:\n{output[-2000:]}")
            output, code = stack.run(*arguments)
        self.must((output, code), "apply")
        found = cloud.facts(aws, config)
        wanted = expected.facts(config, self.case.ssh_networks)
        if not self.compare({**wanted, **self.case.differs(config, found)}, found):
            raise Failed("what exists is not what the source says")
        outputs = stack.outputs()
        wanted = expected.outputs(config, found)
        keys = next(iter(wanted["machines"].values())).keys()
        machines = {name: {key: host[key] for key in keys} for name, host in outputs["hosts"].items()}
        for host in machines.values():
            host["volumes"] = sorted(host["volumes"])
        self.compare(wanted, {**outputs, "machines": machines})
        self.hand_over(config, outputs["bare_instances"])
        again = stack.plan()
        if again.changes or again.errors:
            self.fail(f"a second plan is not empty:\n{again}")
        self.say(f"applied, {len(config.machines)} machines; the next plan is looked at")

    def hand_over(self, config, instances):
        """With what Terraform says of the machines, TPA's config.yml for bare machines is complete."""
        ours = {key: config.keys[key] for key in ("architecture", "cluster_name", "cluster_vars", "keyring_backend")}
        locations = [{"Name": name} for name in config.locations]
        bare = self.folder / "config.yml"
        bare.write_text(yaml.safe_dump({**ours, "locations": locations, **yaml.safe_load(instances)}), encoding="utf-8")
        # The elastic addresses of the stand-in are on the loopback.
        output, code = processes.run(
            [self.options.m1c, "lint", "--color=never", "--format=short", "--ignore=invalid-or-duplicate-address", bare]
        )
        if code != 0:
            self.fail(f"bare_instances are not what TPA takes:\n{output}")
        kept = ("Name", "node", "location", "role", "upstream", "backup")
        wanted = [{key: machine.keys[key] for key in kept if key in machine.keys} for machine in config.machines]
        given = yaml.safe_load(bare.read_text(encoding="utf-8"))["instances"]
        found = [{key: instance[key] for key in kept if key in instance} for instance in given]
        self.compare({"bare_instances": wanted}, {"bare_instances": found})

    def change(self, change, stack, aws, before):
        try:
            folder, path = self.build(change.name.replace(" ", "-"), **change.settings)
            stack.take(folder)
            stack.override(aws.endpoint)
            self.must(stack.init(self.options.providers), "init")
            problem = change.judge(stack, before, expected.Config(path))
        except Failed as failure:
            problem = failure
        if problem:
            self.fail(f"{change.name}: {problem}")
        else:
            self.say(f"{change.name}: as it should be")

    def edits(self):
        wanted = self.options.edit
        return [
            edit
            for edit in self.case.edits
            if (edit.name in wanted if wanted else edit.quick or self.options.all_edits)
        ]

    def edited(self, edit, name, hosts):
        """The source with an edit in it, in a folder of its own."""
        text = (HERE.parent.parent / self.case.source).read_text(encoding="utf-8")
        source = self.folder / f"{name}.m1"
        source.write_text(edit.source(text, hosts), encoding="utf-8")
        return source

    def edit(self, edit, stack, aws, hosts):
        name = f"edit-{edit.name.replace(' ', '-')}"
        try:
            source = self.edited(edit, name, hosts)
            folder, _ = self.build(name, source=source)
            stack.take(folder)
            stack.override(aws.endpoint)
            variables = stack.folder / "edit.auto.tfvars"
            variables.write_text(edit.variables, encoding="utf-8")
            if edit.needs_init:
                self.must(stack.init(self.options.providers), "init")
            problem = edit.judge(stack, refresh=self.options.all_edits)
            if not problem and edit.is_in_source:
                before = HERE.parent.parent / self.case.source
                problem = effects.problem(self.options.m1c, self.settings, before, source, edit.plan)
        except Failed as failure:
            problem = failure
        if problem:
            self.fail(f"{edit.name}: {problem}")
        else:
            self.say(f"{edit.name}: {edit.verdict}")

    def compare(self, wanted, found):
        """Whether every wanted fact is found. What nobody wants is found out by those facts that are sets."""
        wrong = [fact for fact, value in wanted.items() if found.get(fact) != value]
        for fact in wrong:
            self.fail(f"{fact}: wanted {wanted[fact]!r}, found {found.get(fact)!r}")
        return not wrong


class Options(argparse.Namespace):
    def can_run(self, platform):
        """Whether Terraform is there, with the provider of a platform."""
        provider = {"aws": "hashicorp/aws", "docker": "kreuzwerker/docker", "bare": None}[platform]
        return self.terraform is not None and (provider is None or provider in self.provider)


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--terraform", help="the program")
    parser.add_argument("--providers", help="the folder with providers")
    parser.add_argument("--provider", action="append", default=[], help="one that is there")
    parser.add_argument("--scratch", required=True, help="a folder to work in")
    parser.add_argument("--case", action="append", help="only this case")
    parser.add_argument(
        "--all-edits", action="store_true", help="every edit, and not only those that are quick to judge"
    )
    parser.add_argument("--edit", action="append", default=[], help="only this edit")
    parser.add_argument("m1c", type=pathlib.Path)
    return parser.parse_args(namespace=Options())


def main():
    given = options()
    failures = edits.page_failures(case.edits for case in CASES)
    cases = [case for case in CASES if given.case is None or case.name in given.case]
    # Most of the time Terraform waits for resources, which here are there at once.
    with ThreadPoolExecutor(max_workers=(os.cpu_count() or 1) + 1) as pool:
        try:
            checks = [Check(case, given) for case in cases]
            failures += [failure for found in pool.map(Check.run, checks) for failure in found]
            failures += findings.failures(given, checks)
            if given.all_edits:
                failures += living.failures(given)
        except BaseException:
            processes.stop_all()
            raise
    if failures:
        print(f"terraform: {len(failures)} things are not as they should be", flush=True)
        return 1
    print("terraform: all as it should be", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
