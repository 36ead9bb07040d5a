#!/usr/bin/env python3
"""Writes src/facts/instance_families.rs from the list of instance types that botocore carries.

It needs botocore from PyPI: `pip install botocore`, in an environment of its own, then

    python3 tests/programs/instance_types.py
"""

import collections
import gzip
import json
import pathlib
import re

import botocore

models = pathlib.Path(botocore.__file__).parent / "data" / "ec2"
newest = sorted(models.glob("*/service-2.json.gz"))[-1]
types = json.loads(gzip.decompress(newest.read_bytes()))["shapes"]["InstanceType"]["enum"]

UNITS = ["nano", "micro", "small", "medium", "large", "xlarge"]


def order(size):
    number = re.search(r"\d+", size)
    if size in UNITS:
        return (0, UNITS.index(size), size)
    return (2 if size.startswith("metal") else 1, int(number.group()) if number else 0, size)


families = collections.defaultdict(list)
for kind in types:
    family, size = kind.split(".")
    families[family].append(size)

lines = [
    "//! The families of EC2 instance types with their sizes.",
    "//!",
    f"//! Written by `tests/programs/instance_types.py` from botocore {botocore.__version__}.",
    "",
    "/// Sorted by family; the sizes with blanks between, from the smallest on.",
    "#[rustfmt::skip]",
    "pub static FAMILIES: &[(&str, &str)] = &[",
]
for family in sorted(families):
    lines.append(f'    ("{family}", "{" ".join(sorted(families[family], key=order))}"),')
lines.append("];")
path = pathlib.Path(__file__).resolve().parents[2] / "src" / "facts" / "instance_families.rs"
path.write_text("\n".join(lines) + "\n")
print(f"{len(types)} types of {len(families)} families")
