import type { YearClock } from '../year/year-clock.js';
import { type JobOutcome, type JobStart, startJob } from './job-run.js';

/** Starts jobs by the year's clock, and kills them as asked. */
export class JobRunner {
  /** Checkpoints that a job has been killed at, by job. */
  private readonly struck = new Map<string, Set<string>>();
  /** Seconds that the last whole run of a job took. */
  private readonly usual = new Map<string, number>();

  /** @param env of the jobs. */
  constructor(
    private readonly env: Readonly<Record<string, string>>,
    private readonly clock: YearClock,
    private readonly random: () => number,
  ) {}

  /** Starts a job with these arguments. */
  start(args: readonly string[], options: Partial<JobStart> = {}): ReturnType<typeof startJob> {
    return startJob({ args, env: this.env, clockOffsetMs: this.clock.offsetMs, ...options });
  }

  /** Whether it was once done. */
  knows(job: string): boolean {
    return this.usual.has(job);
  }

  /** Runs a job once, and kills it at a checkpoint that it was not killed at before, or after a random part of its usual time. */
  async once(args: readonly string[], kill: 'state' | 'random' | 'none'): Promise<JobOutcome> {
    const name = args[0] ?? '';
    const struck = this.struck.get(name) ?? new Set<string>();
    this.struck.set(name, struck);
    const run = this.start(args, kill === 'state' ? { strike: { how: 'kill', spared: [...struck] } } : {});
    if (kill === 'random') {
      const timer = setTimeout(() => run.process.kill('SIGKILL'), this.random() * (this.usual.get(name) ?? 1) * 1_000);
      void run.ended.finally(() => clearTimeout(timer));
    }
    const outcome = await run.ended;
    if (outcome.struckAt !== undefined) struck.add(outcome.struckAt);
    if (outcome.exitCode === 0) this.usual.set(name, outcome.seconds);
    return outcome;
  }
}
