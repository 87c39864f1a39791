#!/usr/bin/env bash
# StrykerJS reads a project's tsconfig.json through the JavaScript API of whatever `typescript` it finds, and TypeScript 7
# (the native compiler) has no such API: a run ends before the first test, whichever test runner is used.
#
# Expected: a project whose tests do not need a type check (vitest strips types by itself) can be mutated with TypeScript 7
# installed, as with TypeScript 5 and 6; the peer ranges allow it ("typescript": ">=3.6" of the checker, none of the core).
# Seen:     TypeError: ts.parseConfigFileTextToJson is not a function, exit code 1.
# Way out:  "tsconfigFile" names a file that does not exist: the step is left out, and the run works.
#
# Versions: @stryker-mutator/core and vitest-runner 10.1.1, vitest 5.1.1, typescript 7.0.2. Needs Node 22 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'JSON'
{ "name": "sum", "version": "1.0.0", "type": "module", "private": true }
JSON
npm install --silent --no-audit --no-fund \
  @stryker-mutator/core@10.1.1 @stryker-mutator/vitest-runner@10.1.1 vitest@5.1.1 typescript@7.0.2
echo '{ "compilerOptions": { "module": "nodenext", "target": "es2023", "strict": true } }' >tsconfig.json
echo 'export const sum = (a: number, b: number): number => a + b;' >sum.ts
cat >sum.spec.ts <<'TS'
import { expect, it } from 'vitest';
import { sum } from './sum.js';
it('adds', () => expect(sum(2, 3)).toBe(5));
TS
run() {
  cat >stryker.conf.json <<JSON
{ "testRunner": "vitest", "plugins": ["@stryker-mutator/vitest-runner"], "mutate": ["sum.ts"],
  "reporters": ["clear-text"], "concurrency": 1, "allowConsoleColors": false, "tsconfigFile": "$1" }
JSON
  node_modules/.bin/stryker run >"$2" 2>&1
}
failed=0
if run tsconfig.json with.log; then echo 'CHANGED: the run with tsconfig.json works now'; failed=1; fi
grep -m1 'TypeError: ts.parseConfigFileTextToJson is not a function' with.log ||
  { echo 'CHANGED: another error:'; tail -5 with.log; failed=1; }
run no-such-tsconfig.json without.log && grep -m1 'All files' without.log ||
  { echo 'CHANGED: the way out does not work any more:'; tail -5 without.log; failed=1; }
exit "$failed"
