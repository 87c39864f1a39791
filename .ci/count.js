// The last line of the gate: how many tests and checks have passed, failed and been skipped. Ends with 1 when any failed.
//   node .ci/count.js FOLDER CHECKS FAILED_CHECKS
// FOLDER has of each stage NAME.status, its exit code, and NAME.json, its report in the words of vitest.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, checks, failedChecks] = process.argv.slice(2);
const read = (name) => readFileSync(join(folder, name), 'utf8');
const exitCode = (stage) => (existsSync(join(folder, `${stage}.status`)) ? Number(read(`${stage}.status`)) : 1);
// Counts as one check: mutants of the modules that changed, each found out by a test.
let failed = Number(failedChecks) + (exitCode('test-mutants') === 0 ? 0 : 1);
let passed = Number(checks) + 1 - failed;
let skipped = 0;
for (const stage of ['test', 'test-slice', 'test-first-hour', 'test-k8s']) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(read(`${stage}.json`));
    passed += numPassedTests;
    skipped += numPendingTests;
    // A suite that could not be loaded, or an error outside a test, fails a stage without a failed test.
    failed += numFailedTests || (exitCode(stage) === 0 ? 0 : 1);
  } catch {
    process.stdout.write(`make ${stage} left no report.\n`);
    failed += 1;
  }
}
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exitCode = failed === 0 ? 0 : 1;
