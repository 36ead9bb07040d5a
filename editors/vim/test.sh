#!/usr/bin/env bash
# Runs the Vim package in real editors: `editors/vim/test.sh [PATH-OF-M1C]`. Needs vim and nvim.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
m1c=$(realpath "${1:-$root/target/debug/m1c}")
for tool in "$m1c" vim nvim; do
  command -v "$tool" >/dev/null || { echo "vim: no program $tool" >&2; exit 2; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$m1c" "$scratch/bin/m1c"
export PATH="$scratch/bin:$PATH" M1_ROOT=$root HOME=$scratch/home LC_ALL=C.UTF-8
unset VIMINIT XDG_CONFIG_HOME XDG_DATA_HOME

failed=0
for editor in vim nvim; do
  mkdir -p "$scratch/$editor" "$HOME/.vim/pack/m1/start" "$HOME/.local/share/nvim/site/pack/m1/start"
  # What `m1c fmt` writes, with what examples have none of, such as long strings.
  mkdir "$scratch/$editor/formatted"
  for file in "$root"/tests/format/*.out; do
    cp "$file" "$scratch/$editor/formatted/$(basename "$file" .out).m1"
  done
  cp -R "$here" "$HOME/.vim/pack/m1/start/"
  cp -R "$here" "$HOME/.local/share/nvim/site/pack/m1/start/"
  batch=(-es)
  [ "$editor" = nvim ] && batch=(--headless)
  cd "$scratch/$editor"
  "$editor" --version | head -1
  timeout 120 "$editor" "${batch[@]}" -n -i NONE --cmd 'set nocompatible' \
    -c 'filetype plugin indent on' -c 'syntax on' -S "$here/test.vim" >output 2>&1 </dev/null || true
  if [ ! -f log ] || [ -s log ]; then
    cat output log 2>/dev/null || true
    echo "$editor: not as it should be"
    failed=1
  else
    cat summary
  fi
  cd "$root"
done
exit "$failed"
