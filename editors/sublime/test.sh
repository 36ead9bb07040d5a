#!/usr/bin/env bash
# Checks the syntax for Sublime Text and bat with the real bat. Needs bat (`apt-get install bat`) and Python 3.
set -euo pipefail
python3 "$(dirname "$0")/test.py"
