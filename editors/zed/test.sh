#!/usr/bin/env bash
# Builds the extension as Zed does. Needs Rust with the target wasm32-wasip2: `rustup target add wasm32-wasip2`.
set -euo pipefail
cd "$(dirname "$0")"
cargo fmt --check
cargo clippy --locked --target wasm32-wasip2 -- -D warnings
cargo build --locked --target wasm32-wasip2
