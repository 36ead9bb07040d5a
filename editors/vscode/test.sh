#!/usr/bin/env bash
# Builds the extension for VS Code and checks it: types, grammar, client, package. Needs Node.js 20 or later, and npm.
set -euo pipefail
cd "$(dirname "$0")"

npm ci --ignore-scripts
npm run check
npm test
npx vsce package --allow-missing-repository --out m1c.vsix
