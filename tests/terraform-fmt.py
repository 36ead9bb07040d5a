#!/usr/bin/env python3
"""Compares where `m1c fmt` and the real `terraform fmt` put `=`: tests/terraform-fmt.py [PATH-OF-M1C]

Random groups of settings are written in both languages, badly spaced, line for line. After both have formatted them, `=`
has to stand in the same column of the same line. Without terraform in the PATH nothing is compared, and that is said.
"""

import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

BLOCKS = 400
ROOT = pathlib.Path(__file__).parent.parent


def main():
    m1c = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/debug/m1c")
    if not shutil.which("terraform"):
        print("terraform-fmt: SKIPPED, there is no terraform in the PATH")
        return
    for seed in range(5):
        m1, hcl = source(random.Random(seed))
        with tempfile.TemporaryDirectory() as folder:
            ours = formatted([m1c, "fmt"], pathlib.Path(folder, "main.m1"), m1)
            theirs = formatted(["terraform", "fmt", "-no-color"], pathlib.Path(folder, "main.tf"), hcl)
        compare(seed, ours, theirs)
    print(f"terraform-fmt: the columns of {5 * BLOCKS} blocks agree")


def formatted(command, path, text):
    path.write_text(text)
    subprocess.run([*command, path], check=True, stdout=subprocess.DEVNULL)
    return path.read_text().splitlines()


def compare(seed, ours, theirs):
    if len(ours) != len(theirs):
        sys.exit(f"seed {seed}: {len(ours)} lines are not {len(theirs)}")
    assert sum("=" in line for line in ours) > BLOCKS, "there is nothing to compare"
    for number, (our, their) in enumerate(zip(ours, theirs)):
        if column(our) != column(their):
            around = slice(max(0, number - 8), number + 8)
            sys.exit("\n".join([f"seed {seed}, line {number + 1}:", *ours[around], "--- terraform", *theirs[around]]))


def column(line):
    """Where `=` stands behind the name of a setting."""
    found = re.match(r" *[a-z_0-9]+ *=", line)
    return found and found.end()


def source(choose):
    """The same blocks in M1 and in HCL."""
    both = [block(choose, number) for number in range(BLOCKS)]
    return "\n".join(m1 for m1, _ in both), "\n".join(hcl for _, hcl in both)


def block(choose, number):
    lines = []
    for place in range(choose.randint(1, 9)):
        lines += settings(choose, f"{'s' * choose.randint(1, 12)}{place}")
    if lines[0] == ("", ""):
        # Terraform keeps a blank line where a block begins.
        del lines[0]
    m1, hcl = ("\n".join(side) for side in zip(*lines))
    return f"cluster c{number} {{\n  vars {{\n{m1}\n  }}\n}}\n", f'cluster "c{number}" {{\n  vars {{\n{hcl}\n  }}\n}}\n'


def settings(choose, name):
    """A setting, as lines of M1 and of HCL, or what parts settings."""
    blanks = [" " * choose.randint(0, 6) for _ in range(3)]
    left = f"{blanks[0]}{name}{blanks[1]}={blanks[2]}"
    kind = choose.choice(
        ["number"] * 4 + ["text", "remark", "list", "map", "lists", "maps", "comment", "blank", "text of lines"]
    )
    match kind:
        case "number":
            return same(f"{left}{choose.randint(0, 10**choose.randint(1, 9))}")
        case "text":
            return same(f'{left}"{"x" * choose.randint(0, 20)}"')
        case "remark":
            return same(f"{left}1 # behind")
        case "list":
            return same(f"{left}[1, 22,333]")
        case "map":
            return [(f"{left}{{ a = 1; bb = 2 }}", f"{left}{{ a = 1, bb = 2 }}")]
        case "lists":
            return same(f"{left}[") + [("1", "1,"), ("22", "22,")] + same("]")
        case "maps":
            return same(f"{left}{{", "a=1", "bbb  = 2", "}")
        case "comment":
            return same("# about what follows")
        case "blank":
            return [*same("", f"{left}0")]
        case "text of lines":
            # Terraform takes it for one long line, which is in the group around it; docs/format.md says why m1c does not.
            lines = [(f'{left}"""', f"{left}<<-EOT"), *same("  some", "  text"), ('  """', "  EOT")]
            return [*same("# above"), *lines, *same("# below")]


def same(*lines):
    return [(line, line) for line in lines]


main()
