#!/usr/bin/env node
import { runJobs } from './cli/run-jobs.js';
import { stopSignal } from './cli/stop-signal.js';

const { argv, stdout, stderr } = process;
process.exitCode = await runJobs({
  argv: argv.slice(2),
  stdout,
  stderr,
  exit: (code) => process.exit(code),
  signal: stopSignal(),
});
