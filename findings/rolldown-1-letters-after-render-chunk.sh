#!/usr/bin/env bash
# Rolldown: what `renderChunk` returns is not what is written. By default dead code is taken out after the last `renderChunk`
# (`output.minify` is "dce-only"): the chunk is read and printed once more, and an escape such as \u2192 in a string comes out as the
# letter itself. A plugin that keeps a bundle in Latin 1 or ASCII has to do so in `generateBundle`, or with `minify: false`.
#
# Expected: a chunk that `renderChunk` returns with escapes only is written so; nobody asked for a smaller bundle.
# Seen:     the letter stands in the bundle. After `generateBundle`, and with `minify: false`, the escape stays.
#
# Versions: rolldown 1.2.19. Needs Node 22 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "name": "finding", "version": "1.0.0", "type": "module", "private": true }' >package.json
npm install --silent --no-audit --no-fund rolldown@1.2.19
printf '%s\n' "export const arrow = 'a \\u2192 b';" >main.js
cat >bundle.js <<'JS'
import { readFileSync } from 'node:fs';
import { rolldown } from 'rolldown';
console.log('rolldown', JSON.parse(readFileSync('node_modules/rolldown/package.json')).version);
const escaped = (code) => code.replaceAll('\u2192', '\\u2192');
const inRenderChunk = { name: 'render', renderChunk: (code) => escaped(code) };
const inGenerateBundle = {
  name: 'generate',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) chunk.code = escaped(chunk.code);
  },
};
async function hasLetter(plugin, output) {
  const bundle = await rolldown({ input: 'main.js', tsconfig: false, plugins: [plugin] });
  const { output: [chunk] } = await bundle.generate({ format: 'esm', ...output });
  return chunk.code.includes('\u2192');
}
const seen = {
  'renderChunk, as it comes': await hasLetter(inRenderChunk, {}),
  'renderChunk, minify: false': await hasLetter(inRenderChunk, { minify: false }),
  'generateBundle, as it comes': await hasLetter(inGenerateBundle, {}),
};
for (const [where, letter] of Object.entries(seen)) console.log(`${where}: ${letter ? 'the letter itself' : 'an escape'}`);
if (Object.values(seen).join() !== 'true,false,false') { console.log('CHANGED: it is another way now'); process.exitCode = 1; }
JS
node bundle.js
