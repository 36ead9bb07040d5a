#!/usr/bin/env bash
# Checks the action of GitHub against the schema of actions, and runs its steps as a job would, without the one that
# installs m1c: `tests/action.sh [PATH-OF-M1C]`. Needs git, npm and Python 3.
. "$(dirname "$0")/scratch.sh"
cd "$scratch"

npm install --silent --no-fund --no-audit @action-validator/cli@0.6.0 @action-validator/core@0.6.0
node_modules/.bin/action-validator "$repository/action.yml"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pyyaml

cat > run-steps.py <<'PYTHON'
"""Runs the steps of the action with the inputs that are given, `NAME=VALUE`; exits with 1 if one of them fails."""
import os, pathlib, re, subprocess, sys, yaml

action = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text())
inputs = {name: spec["default"] for name, spec in action["inputs"].items()}
given = dict(word.split("=", 1) for word in sys.argv[2:])
assert given.keys() <= inputs.keys(), f"no such input: {given}"
inputs |= given

failed = False
for step in action["runs"]["steps"]:
    if step["name"] == "Install m1c" or ("if" in step and not inputs["since"]):
        continue
    value = lambda text: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: inputs[found[1]], text)
    env = {name: value(text) for name, text in step.get("env", {}).items()}
    assert not any("${{" in text for text in [*env.values(), step["run"]]), "a step takes more than inputs in `env`"
    # As GitHub runs a step with `shell: bash`.
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    failed |= subprocess.run(script, env=os.environ | env).returncode != 0
sys.exit(failed)
PYTHON

steps() {
  : > "$scratch/summary"
  GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY="$scratch/summary" "$scratch/venv/bin/python" "$scratch/run-steps.py" \
    "$repository/action.yml" "$@" > "$scratch/log" 2>&1
}

mkdir work
cd work
git init --quiet
cat > speedy.m1 <<'M1'
cluster speedy {
  postgres postgresql 17
  failover repmgr
  platform bare

  location main {
    primary db1     { address = 10.0.0.1 }
    replica db2     { address = 10.0.0.2 }
    barman  backup1 { address = 10.0.0.9 }
  }
  vars {
    max_connections = 250
  }
}
M1
git add .
git commit --quiet --message first
base=$(git rev-parse HEAD)

echo "a change that restarts Postgres"
sed -i.before 's/250/300/' speedy.m1
rm speedy.m1.before
git commit --quiet --all --message second
steps "since=$base" || { cat "$scratch/log"; fail "fails"; }
grep -q 'max_connections.*250.*300' "$scratch/summary" || { cat "$scratch/summary"; fail "does not sum the change up"; }
if steps "since=$base" fail-on=restart; then
  fail "takes a restart"
fi
grep -q 'max_connections.*250.*300' "$scratch/summary" || fail "fails without saying why"

echo "a mistake, which does not hide what changes"
sed -i.before 's/db2 /d   /' speedy.m1
rm speedy.m1.before
git commit --quiet --all --message third
if steps "since=$base" paths=speedy.m1; then
  fail "takes a mistake"
fi
grep -q '^::error title=m1c (bad-hostname),file=speedy.m1,line=8,' "$scratch/log" || { cat "$scratch/log"; fail "does not annotate"; }
grep -q "\bd\b" "$scratch/summary" || { cat "$scratch/summary"; fail "does not sum the change up beside a mistake"; }

echo "no pull request"
git checkout --quiet "$base"
steps since= || { cat "$scratch/log"; fail "fails without a revision"; }
echo "action: all as it should be"
