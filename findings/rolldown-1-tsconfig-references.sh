#!/usr/bin/env bash
# Rolldown: a bundle of plain JavaScript fails on a tsconfig.json that nobody named, when a project that it refers to is not there. By
# default the tsconfig nearest to each file is looked for and all of its `references` are loaded, also for JavaScript that
# `tsc` has built already; where one is missing, as in an image that holds no tests, no import can be resolved any more.
#
# Expected: a file main.js that imports `node:fs` is bundled. `tsc` is not asked for, there is no TypeScript, and `node:fs` is Node's.
# Seen:     "Could not resolve 'node:fs' in main.js ... Tsconfig not found". With `tsconfig: false` the same is bundled.
#
# Versions: rolldown 1.2.19. Needs Node 22 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "type": "module", "private": true }' >package.json
npm install --silent --no-audit --no-fund rolldown@1.2.19
echo '{ "files": [], "references": [{ "path": "src" }, { "path": "test" }] }' >tsconfig.json
mkdir src
echo '{ "compilerOptions": { "composite": true }, "include": ["*.ts"] }' >src/tsconfig.json
echo "import { existsSync } from 'node:fs'; console.log(existsSync('.'));" >main.js
cat >bundle.js <<'JS'
import { readFileSync } from 'node:fs';
import { rolldown } from 'rolldown';
console.log('rolldown', JSON.parse(readFileSync('node_modules/rolldown/package.json')).version);
async function outcomeOf(options) {
  try {
    const bundle = await rolldown({ input: 'main.js', platform: 'node', ...options });
    const { output } = await bundle.generate({ format: 'esm' });
    return `bundled into ${output.length} file`;
  } catch (error) {
    return error.message.replaceAll(/\x1b\[[\d;]*m/g, '').replaceAll(/[\s│─╭╰┬├┤╯\[\]]+/g, ' ');
  }
}
const asItComes = await outcomeOf({});
const withoutTsconfig = await outcomeOf({ tsconfig: false });
console.log('as it comes:', asItComes);
console.log('with tsconfig: false:', withoutTsconfig);
if (!/Tsconfig not found/.test(asItComes)) { console.log('CHANGED: the missing project is no fault any more'); process.exitCode = 1; }
if (!/^bundled/.test(withoutTsconfig)) { console.log('CHANGED: it fails without a tsconfig too'); process.exitCode = 1; }
JS
node bundle.js
