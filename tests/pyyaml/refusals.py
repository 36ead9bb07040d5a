"""Compares what m1c reads as YAML with PyYAML: whether a document is taken, and what it comes to.

    python3 tests/pyyaml/refusals.py [--documents 20000] [--seed 1] [--record]

Small documents are made and changed at random. `cargo test pyyaml_verdicts` then reads the same ones. With --record a
part of them is kept in `tests/pyyaml/verdicts.txt`, which every `cargo test` reads.

A line of the file is `ok` or `no`, the document as JSON, and for `ok` what it comes to, as JSON; `-` where that holds a
date, binary data, a set or a number that JSON does not have.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).parent

DOCUMENTS = [
    "cluster_name: speedy\ncluster_tags:\n  Owner: dba\n  Expires: 2027-06-30\n",
    "cluster_vars:\n  postgres_version: '16'\n  failover_manager: repmgr\n  list:\n  - a\n  - b: c\n    d: e\n",
    "instances:\n- Name: db1\n  node: 1\n  role: [primary, bdr]\n  vars: { a: 1, b: 'x' }\n- Name: db2\n",
    "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\n",
    "a: |\n  text\n   more\n\n  end\nb: >-\n  folded\n  text\n",
    "a: \"two\n  lines\"\nb: 'it''s'\nc: plain\n  text\n",
    "# comment\na: 1 # one\nb: # two\n  - x\n  -\n  - y\n",
    "- [a, b: c, {d}]\n- {e, f: }\n- ? g\n  : h\n",
    "---\na: b\n...\n",
    "a: !!str 12\nb: !!int '12'\nc: !x y\nd: !!float 1\n",
    "a: [1, 2,\n  3]\nb:\n  c:\n    d: e\n  f: g\n",
    "hba:\n- host all all 10.0.0.0/8 md5\n- \"local all all peer\"\nx: 12:30:45\ny: 0x1F\nz: 1_000\n",
]
PIECES = """\t|\t# c| \t|\n|\n |\n  |\n\t|: |:|- |-|? |?|# |#| #|,|, |[|]|{|}|&a|&a |*a|*a |!|! |!x |!!str |!!int |!!float |!!bool |!!null |!!seq |!!map |!!set |!!omap |!!pairs
!!binary |!!timestamp |!<x> |!<tag:yaml.org,2002:str> |!a!b |!!python/none |'|"|\\|\\x41|\\u00e9|\\q|\\"|%|@|`|=|<<|<<: |<<: *a|~|null|yes|No|on|TRUE
true|.5|1.|1.5|-1|+1|0|00|08|0o7|0b1|0b_|0x|0x_|0xg|1_0|_1|1:30|1:60|1:30.5|.inf|-.INF|.nan|1e3|1.0e+3|99999999999999999999|2027-02-30|2027-06-30|2027-6-3
2027-06-30 25:00:00|2027-06-30T10:00:00Z|2027-06-30 10:00:00 +25:00|2027-06-30 10:00:60|0000-01-01|2027-13-01|2024-02-29|2027-06-30 1:00:00.5 -1:30
|-|>+||2|>1-||x|> x|---|--- |...|... |--- a|%YAML 1.1\n|%YAML 2.0\n|%TAG ! x\n|%TAG !e! tag:x,2000:\n|%foo|é|\u00a0|\u2028|\u0085|\u0007|\ufeff|\r|\r\n|😀|{{ x }}|{% x %}|a: b|a:b|a: b: c|- - x|x y|' '|""".split(
    "|"
)
# The bar and the line break separate pieces, so those that have one follow here.
PIECES = [part for piece in PIECES for part in ([piece] if "\n" not in piece.strip(" \t\n") else piece.split("\n"))]
PIECES += ["|", "|-", "|+", "|2", "| ", "\n", "\n\n", "\n  ", "\n    ", "\n- ", "\n  - ", "%YAML 1.1\n---\n", "%TAG !e! tag:yaml.org,2002:\n---\n", "!e!str "]


def change(source, text):
    for _ in range(source.choice([1, 1, 1, 2, 2, 3])):
        at = source.randint(0, len(text))
        roll = source.random()
        if roll < 0.5:
            text = text[:at] + source.choice(PIECES) + text[at:]
        elif roll < 0.65:
            text = text[:at] + text[at + source.choice([1, 1, 2, 4]) :]
        elif roll < 0.9:
            # A value becomes another one.
            colon = text.find(": ", at)
            end = text.find("\n", colon)
            if colon >= 0 and end >= 0:
                text = text[: colon + 2] + source.choice(PIECES) + source.choice(["", "", " ", "x", "12"]) + text[end:]
        else:
            lines = text.split("\n")
            line = source.randrange(len(lines))
            lines[line] = source.choice([" ", "  ", "", "- ", "\t"]) + lines[line].lstrip(source.choice([" ", ""]))
            text = "\n".join(lines)
    return text


class Unequal(Exception):
    pass


def plain(value):
    """The value as m1c would write it in JSON."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    if isinstance(value, float) and value == value and abs(value) != float("inf"):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: plain(item) for key, item in value.items()}
    raise Unequal


def recursive(node, above=()):
    children = []
    if isinstance(node, yaml.SequenceNode):
        children = node.value
    elif isinstance(node, yaml.MappingNode):
        children = [part for pair in node.value for part in pair]
    return any(child in above or child is node or recursive(child, (*above, node)) for child in children)


def verdict(text):
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None and recursive(node):
            return None
        value = yaml.safe_load(text)
    except RecursionError:
        return None
    # The constructors raise whatever Python does.
    except Exception:
        return "no", None
    try:
        return "ok", json.dumps(plain(value), ensure_ascii=False)
    except Unequal:
        return "ok", "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--out", type=pathlib.Path)
    choice = parser.parse_args()
    source = random.Random(choice.seed)
    rows = []
    seen = set()
    while len(rows) < choice.documents:
        text = change(source, source.choice(DOCUMENTS))
        found = None if text in seen else verdict(text)
        seen.add(text)
        if found:
            word, value = found
            rows.append(f"{word} {json.dumps(text)}" + (f" {value}" if value else "") + "\n")
    out = choice.out or pathlib.Path(tempfile.mkdtemp(prefix="m1c-pyyaml-")) / "verdicts.txt"
    out.write_text("".join(rows))
    taken = sum(row.startswith("ok") for row in rows)
    print(f"PyYAML {yaml.__version__}: {len(rows)} documents, {taken} taken: {out}", flush=True)
    done = subprocess.run(
        ["cargo", "test", "--quiet", "pyyaml_verdicts"],
        env=os.environ | {"M1C_PYYAML_VERDICTS": str(out)},
        cwd=HERE.parent.parent,
    )
    if choice.record and done.returncode == 0:
        (HERE / "verdicts.txt").write_text("".join(rows[:1500]))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
