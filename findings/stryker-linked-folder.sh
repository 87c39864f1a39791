#!/usr/bin/env bash
# StrykerJS copies a project into a sandbox before it mutates it. A symbolic link to a folder is taken for a file there: the
# copy ends with EISDIR, also where no file that is mutated or tested lies behind the link, as the links between Helm charts.
#
# Expected: the link, or what it points to, stands in the sandbox; a project with such a link can be mutated.
# Seen:     Error: EISDIR: illegal operation on a directory, copyfile '.../chart/charts/part' -> ..., exit code 1.
# Way out:  "ignorePatterns" names the folder that holds the link: it is left out, and the run works.
#
# Versions: @stryker-mutator/core and vitest-runner 10.1.1, vitest 5.1.1. Needs Node 22 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >package.json <<'JSON'
{ "name": "sum", "version": "1.0.0", "type": "module", "private": true }
JSON
npm install --silent --no-audit --no-fund \
  @stryker-mutator/core@10.1.1 @stryker-mutator/vitest-runner@10.1.1 vitest@5.1.1
echo 'export const sum = (a, b) => a + b;' >sum.js
cat >sum.spec.js <<'JS'
import { expect, it } from 'vitest';
import { sum } from './sum.js';
it('adds', () => expect(sum(2, 3)).toBe(5));
JS
mkdir -p chart/charts part
echo 'name: part' >part/Chart.yaml
ln -s ../../part chart/charts/part
run() {
  cat >stryker.conf.json <<JSON
{ "testRunner": "vitest", "plugins": ["@stryker-mutator/vitest-runner"], "mutate": ["sum.js"], "ignorePatterns": [$1],
  "reporters": ["clear-text"], "concurrency": 1, "allowConsoleColors": false }
JSON
  node_modules/.bin/stryker run >"$2" 2>&1
}
failed=0
if run '' with.log; then echo 'CHANGED: a project with a link to a folder is mutated now'; failed=1; fi
grep -m1 -o "EISDIR: illegal operation on a directory, copyfile" with.log ||
  { echo 'CHANGED: another error:'; tail -5 with.log; failed=1; }
run '"chart"' without.log && grep -m1 'All files' without.log ||
  { echo 'CHANGED: the way out does not work any more:'; tail -5 without.log; failed=1; }
exit "$failed"
