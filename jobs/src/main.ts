#!/usr/bin/env node
import { keepHeapSmall } from '@parlance/runtime/small-heap';

// Records of months pass through, and little is kept.
keepHeapSmall(process, { youngMiB: 4, growthPercent: 20 });
// Not before: what is loaded by the process that is replaced is loaded twice.
const { runJobs } = await import('./cli/run-jobs.js');
const { stopSignal } = await import('./cli/stop-signal.js');
const { argv, stdout, stderr } = process;
process.exitCode = await runJobs({
  argv: argv.slice(2),
  stdout,
  stderr,
  exit: (code) => process.exit(code),
  signal: stopSignal(),
});
