#!/usr/bin/env bash
# Checks the grammar: what is generated is current, and the corpus and the colours are as expected. Needs tree-sitter
# 0.27, which `cargo install tree-sitter-cli --locked` installs, and a C compiler. That the grammar agrees with the
# compiler, and that the queries of all editors fit it, `cargo test tree_sitter` checks.
set -euo pipefail
cd "$(dirname "$0")"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# A configuration of its own: no other grammars, no colours, and nothing is asked for.
printf '{ "parser-directories": [] }\n' >"$scratch/config.json"
export TREE_SITTER_DIR=$scratch TREE_SITTER_LIBDIR=$scratch/lib

tree-sitter --version
mkdir "$scratch/src"
tree-sitter generate --abi 14 --js-runtime native --output "$scratch/src"
for generated in parser.c grammar.json node-types.json tree_sitter; do
  diff -r "src/$generated" "$scratch/src/$generated" \
    || { echo "src/$generated is stale: run tree-sitter generate --abi 14 --js-runtime native" >&2; exit 1; }
done
tree-sitter test
