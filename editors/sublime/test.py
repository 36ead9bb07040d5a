#!/usr/bin/env python3
"""Runs bat with the syntax beside this file, and compares what it colours with what is expected.

The expectations are the marked files of the grammar for VS Code, so that both say the same. A theme knows one scope
only: what is coloured in it has that scope. `BAT` names the program, by default `batcat`, as Debian calls it, or `bat`.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
MARKED = sorted((HERE.parent / "vscode/tests/marked").glob("*.m1"))
SOUND = [
    path
    for folder in ("examples", "stdlib", "tests/format", "tests/parse/ok")
    for path in sorted((REPOSITORY / folder).glob("*.m1"))
]

THEME = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
<key>name</key><string>{scope}</string>
<key>settings</key><array>
<dict><key>settings</key><dict><key>foreground</key><string>#000000</string></dict></dict>
<dict><key>scope</key><string>{scope}</string>
<key>settings</key><dict><key>foreground</key><string>#ff0000</string></dict></dict>
</array></dict></plist>
"""
RED = "38;2;255;0;0"


def marks(path):
    """The text without the marks, and for each mark: line, columns, scopes that are there, scopes that are not."""
    text, marks = [], []
    for number, line in enumerate(path.read_text().splitlines()):
        arrow = re.fullmatch(r"# <(-+) (.+)", line)
        hats = re.fullmatch(r"#( *)(\^+) (.+)", line)
        if number > 0 and (arrow or hats):
            start = 0 if arrow else 1 + len(hats[1])
            length = len(arrow[1] if arrow else hats[2])
            there, _, absent = (arrow[2] if arrow else hats[3]).partition("- ")
            marks.append((len(text) - 1, start, start + length, there.split(), absent.split()))
        else:
            text.append(line)
    return "\n".join(text) + "\n", marks


def red(bat, scope, path):
    """For each line, which of its characters have the scope."""
    command = [bat, "--no-config", "--color=always", "--style=plain", "--wrap=never", "--paging=never", "--tabs=0"]
    command += ["--language=m1", f"--theme={scope}", str(path)]
    shown = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = []
    is_red = False
    for line in shown.split("\n"):
        characters = []
        for colour, text in re.findall(r"\x1b\[([0-9;]*)m|([^\x1b]+)", line):
            if text:
                characters += [is_red] * len(text)
            else:
                is_red = RED in colour
        lines.append(characters)
    return lines


def main():
    bat = os.environ.get("BAT") or shutil.which("batcat") or shutil.which("bat")
    if not bat:
        sys.exit("there is no bat")
    files = {path: marks(path) for path in MARKED}
    scopes = {scope for _, found in files.values() for mark in found for scope in mark[3] + mark[4]} | {"invalid"}
    failures, checked = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        config = pathlib.Path(scratch)
        (config / "syntaxes").mkdir()
        (config / "themes").mkdir()
        shutil.copy(HERE / "m1.sublime-syntax", config / "syntaxes")
        for scope in scopes:
            (config / "themes" / f"{scope}.tmTheme").write_text(THEME.format(scope=scope))
        os.environ |= {"BAT_CACHE_PATH": f"{scratch}/cache", "COLORTERM": "truecolor"}
        cache = [bat, "cache", "--build", "--source", scratch, "--target", f"{scratch}/cache"]
        subprocess.run(cache, check=True, stdout=subprocess.DEVNULL)

        for path, (text, found) in files.items():
            copy = config / path.name
            copy.write_text(text)
            coloured = {scope: red(bat, scope, copy) for mark in found for scope in mark[3] + mark[4]}
            lines = text.splitlines()
            for line, start, end, there, absent in found:
                for scope in there + absent:
                    checked += 1
                    characters = coloured[scope][line][start:end]
                    if characters != [scope in there] * (end - start):
                        wanted = "is not" if scope in there else "is"
                        failures.append(f"{path.name}: `{lines[line][start:end]}` {wanted} {scope} in {lines[line]}")
        for path in SOUND:
            checked += 1
            text = path.read_text().splitlines()
            for line, characters in enumerate(red(bat, "invalid", path)):
                if any(characters):
                    failures.append(f"{path.name}:{line + 1}: something is invalid in {text[line]}")
    print("\n".join(failures))
    print(f"{checked - len(failures)} passed, {len(failures)} failed")
    sys.exit(1 if failures or not checked else 0)


main()
