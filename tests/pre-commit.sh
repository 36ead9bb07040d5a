#!/usr/bin/env bash
# Runs the hooks of this repository in a scratch repository, with the real pre-commit from PyPI:
# `tests/pre-commit.sh [PATH-OF-M1C]`.
#
# The hooks that run the m1c on the PATH are used, so that nothing is compiled again. Needs git and Python 3.
. "$(dirname "$0")/scratch.sh"

python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check pre-commit
export PATH="$scratch/venv/bin:$PATH"
export PRE_COMMIT_HOME="$scratch/cache"

# The hooks as they stand now, committed or not.
mkdir "$scratch/hooks"
cp "$repository/.pre-commit-hooks.yaml" "$scratch/hooks/"
git -C "$scratch/hooks" init --quiet
git -C "$scratch/hooks" add .
git -C "$scratch/hooks" commit --quiet --message hooks
revision=$(git -C "$scratch/hooks" rev-parse HEAD)

mkdir "$scratch/work"
cd "$scratch/work"
git init --quiet
cat > .pre-commit-config.yaml <<YAML
repos:
- repo: $scratch/hooks
  rev: $revision
  hooks:
  - id: m1c-fmt-system
  - id: m1c-lint-system
  - id: m1c-lint-config-system
    exclude: ^build/
  - id: m1c-build-check-system
  - id: m1c-diff-system
YAML
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
}
M1
m1c build --out build speedy.m1
pre-commit validate-manifest "$repository/.pre-commit-hooks.yaml"
pre-commit install >/dev/null
git add .

echo "a good commit"
git commit --quiet --message good >"$scratch/log" 2>&1 || { cat "$scratch/log"; fail "refuses a good commit"; }
for hook in "m1c fmt" "m1c lint" "m1c build --check" "m1c diff"; do
  grep -E "^$hook\.+Passed" "$scratch/log" >/dev/null || { cat "$scratch/log"; fail "did not run $hook"; }
done

echo "a commit that restarts Postgres"
sed -i.before 's/^}$/  vars { max_connections = 300 }\n}/' speedy.m1
rm speedy.m1.before
m1c fmt speedy.m1
m1c build --out build speedy.m1
git add .
git commit --quiet --message restart >"$scratch/log" 2>&1 || { cat "$scratch/log"; fail "refuses a good commit"; }
grep "^speedy: .* machines restart Postgres" "$scratch/log" >/dev/null || { cat "$scratch/log"; fail "does not say what restarts"; }

echo "a source with an error, which is not what was built"
sed -i.before 's/replica db2 /replica d   /' speedy.m1
rm speedy.m1.before
git add .
if git commit --quiet --message bad >"$scratch/log" 2>&1; then
  cat "$scratch/log"
  fail "takes a bad commit"
fi
for words in "m1c lint\.+Failed" "bad-hostname" "m1c build --check\.+Failed" "^\+- Name: d$"; do
  grep -E -e "$words" "$scratch/log" >/dev/null || { cat "$scratch/log"; fail "does not say: $words"; }
done
git checkout --quiet HEAD -- speedy.m1

echo "a source in another format, which the patch of \`m1c fmt --diff\` fixes too"
sed -i.before 's/ = /=/' speedy.m1
rm speedy.m1.before
cp speedy.m1 "$scratch/unformatted.m1"
m1c fmt --diff speedy.m1 >"$scratch/patch" 2>/dev/null && fail "sees no difference"
git add .
if git commit --quiet --message bad >"$scratch/log" 2>&1; then
  cat "$scratch/log"
  fail "takes a source in another format"
fi
for words in "m1c fmt\.+Failed" "files were modified by this hook" "1 file formatted"; do
  grep -E -e "$words" "$scratch/log" >/dev/null || { cat "$scratch/log"; fail "does not say: $words"; }
done
git diff --quiet HEAD -- speedy.m1 || fail "formats otherwise than before"
cp "$scratch/unformatted.m1" speedy.m1
git apply "$scratch/patch" || fail "makes a patch that git does not take"
git diff --quiet HEAD -- speedy.m1 || fail "makes a patch that gives something else"
git add .

echo "a source with a syntax error"
cp speedy.m1 "$scratch/formatted.m1"
printf 'x =\n   y = 1\n' >> speedy.m1
cp speedy.m1 "$scratch/broken.m1"
git add .
if git commit --quiet --message bad >"$scratch/log" 2>&1; then
  cat "$scratch/log"
  fail "takes a broken source"
fi
cmp speedy.m1 "$scratch/broken.m1" || fail "changes a broken source"
cp "$scratch/formatted.m1" speedy.m1
git add .

echo "a config.yml with an error"
mkdir old
cat > old/config.yml <<'YAML'
cluster_name: old
cluster_vars:
  failover_manager: repmgr
instances:
- { Name: db1, node: 1, role: [primary] }
- { Name: db2, node: 2, role: [replica], upstream: db2 }
YAML
git add .
if git commit --quiet --message bad >"$scratch/log" 2>&1; then
  cat "$scratch/log"
  fail "takes a bad config.yml"
fi
grep upstream-cycle "$scratch/log" >/dev/null || { cat "$scratch/log"; fail "does not find the cycle"; }

echo "left out by m1c.toml"
echo 'exclude = ["old/"]' > m1c.toml
git add .
git commit --quiet --message excluded >"$scratch/log" 2>&1 || { cat "$scratch/log"; fail "finds what is excluded"; }
echo "pre-commit: all as it should be"
