import { readFile } from 'node:fs/promises';
import { setTimeout as passed } from 'node:timers/promises';
import { spawnJobs } from '../spawn-jobs.js';

/** What a run of the job cost. */
export interface JobCost {
  /** From its start to its end, the program's own start included. */
  readonly seconds: number;
  /** The most memory that the process had (VmHWM of Linux), MiB. */
  readonly peakMiB: number;
}

/** Runs `jobs archive-months` as anybody does. Rejects when it does not end with 0. */
export async function runArchiveJob(env: Readonly<Record<string, string>>): Promise<JobCost> {
  const startedAt = performance.now();
  const { job, ended } = spawnJobs(['archive-months'], env);
  let peakKiB = 0;
  while (job.exitCode === null && job.signalCode === null) {
    peakKiB = Math.max(peakKiB, await highWaterKiB(job.pid));
    await Promise.race([ended, passed(50)]);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`the job ended with ${code}`);
  return { seconds: (performance.now() - startedAt) / 1_000, peakMiB: peakKiB / 1_024 };
}

/** The kernel keeps it as long as the process lives; 0 when it is gone. */
async function highWaterKiB(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}
