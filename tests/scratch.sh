# What tests/action.sh and tests/pre-commit.sh begin with: `. tests/scratch.sh`, with their own arguments.
#
# Sets `repository`, the m1c that is tested, which is in the PATH from now on, and `scratch`, a folder that goes at the end;
# git knows nobody but an author of tests.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
m1c=$(realpath "${1:-$repository/target/release/m1c}")
if [ ! -x "$m1c" ]; then
  echo "no program $m1c: run \`cargo build --release\` first" >&2
  exit 2
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$m1c" "$scratch/bin/m1c"
export PATH="$scratch/bin:$PATH"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
unset GITHUB_ACTIONS GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE

fail() {
  printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2
  exit 1
}
