#!/usr/bin/env bash
# fast-check: `fc.string({ unit: 'binary' })`, the documented way to any characters of Unicode, makes a table with an entry for each of
# the 1,112,064 code points before it gives the first text. Ten ASCII texts of a test pay nothing; ten of any characters pay
# about a second of processor time and about 100 MB, once in each process or worker thread that runs such a test.
#
# Expected: the arbitrary draws a number and makes a character of it; the first texts cost about what texts of ASCII cost.
# Seen:     about 100 MB more memory than with the same characters from `fc.integer().map(String.fromCodePoint)`.
#
# Versions: fast-check 4.10.2. Needs Node 22 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "type": "module", "private": true }' >package.json
npm install --silent --no-audit --no-fund fast-check@4.10.2
cat >cost.js <<'JS'
import fc from 'fast-check';
const character = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const units = { ascii: 'grapheme-ascii', binary: 'binary', mapped: character };
const before = { bytes: process.memoryUsage().rss, cpu: process.cpuUsage() };
fc.sample(fc.string({ unit: units[process.argv[2]] }), 10);
const { user, system } = process.cpuUsage(before.cpu);
const megabytes = (process.memoryUsage().rss - before.bytes) / 1e6;
console.log(JSON.stringify({ megabytes: Math.round(megabytes), cpuMs: Math.round((user + system) / 1e3) }));
JS
megabytes() { node -p "JSON.parse(process.argv[1]).megabytes" "$1"; }
echo "fast-check $(node -p "JSON.parse(require('fs').readFileSync('node_modules/fast-check/package.json')).version")"
ascii=$(node cost.js ascii); mapped=$(node cost.js mapped); binary=$(node cost.js binary)
echo "ten texts of ASCII:                    $ascii"
echo "ten of any characters, by their code:  $mapped"
echo "ten of any characters, unit 'binary':  $binary"
if [ "$(megabytes "$binary")" -lt $(($(megabytes "$mapped") + 50)) ]; then echo "CHANGED: unit 'binary' costs no table any more"; exit 1; fi
