import { randomUUID } from 'node:crypto';
import { readConfig } from '@parlance/runtime';
import { type ChatDatabase, readServerClock } from '@parlance/storage';
import { type JobsConfig, jobsConfig } from './config.js';
import type { JobContext } from './job-context.js';
import { Progress } from './progress/progress.js';
import { TextReport } from './report/text-report.js';
import { Findings } from './runs/findings.js';

const elapsedMs = (): number => performance.now();

/** What a job works with that nobody watches, for whoever runs one inside a process of theirs: nothing is told. */
export function quietContext(database: ChatDatabase, others: Partial<Omit<JobContext, 'database'>> = {}): JobContext {
  const signal = others.signal ?? new AbortController().signal;
  return {
    database,
    run: randomUUID(),
    newId: randomUUID,
    config: defaults(),
    progress: new Progress({ now: () => {}, over: () => {} }, elapsedMs),
    report: new TextReport(() => {}),
    findings: new Findings(),
    signal,
    now: () => readServerClock(database),
    elapsedMs,
    checkpoint: async () => signal.throwIfAborted(),
    ...others,
  };
}

/** The configuration of an environment that says nothing but what must be said. */
function defaults(): JobsConfig {
  const read = readConfig(jobsConfig, { MONGO_URI: 'mongodb://127.0.0.1/unused' });
  if (!read.ok) throw new Error(`the defaults do not hold: ${read.faults.map(({ env }) => env).join(', ')}`);
  return read.value;
}
