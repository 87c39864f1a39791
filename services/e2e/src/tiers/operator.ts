import { setTimeout as delay } from 'node:timers/promises';
import type { MonthYear } from '@parlance/storage';
import type { JobLedger } from './job-ledger.js';
import { type JobOutcome, startJob } from './job-run.js';
import type { Oracle } from './oracle.js';
import type { YearClock } from './year-clock.js';
import { yearJobs } from './year-jobs.js';

/** What an operator works with. */
export interface OperatorSurroundings {
  /** Environment of the jobs. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: YearClock;
  readonly oracle: Oracle;
  readonly ledger: JobLedger;
  readonly random: () => number;
  /** End each job once at every checkpoint that it has. */
  readonly strikesStates: boolean;
  /** Kills at any moment, over all the months to come. */
  readonly randomKills: number;
  readonly say: (line: string) => void;
}

/** Runs of one command line before it is given up. */
const patience = 40;

/** Runs the jobs that are due, kills them as asked, and runs them again until they are done. */
export class Operator {
  /** Checkpoints that a job has been killed at, by job. */
  readonly #struck = new Map<string, Set<string>>();
  /** Seconds that the last whole run of a job took. */
  readonly #usual = new Map<string, number>();
  #killsLeft: number;

  constructor(private readonly surroundings: OperatorSurroundings) {
    this.#killsLeft = surroundings.randomKills;
  }

  /** Runs all that is due in a month; `monthsLeft` counts this one. */
  async run(month: MonthYear, first: MonthYear, monthsLeft: number): Promise<void> {
    const lines = yearJobs.flatMap((job) => job.due(month, first));
    for (const [index, args] of lines.entries()) {
      // As many as fall to this line, by chance where that is not a whole number.
      const share = this.#killsLeft / (monthsLeft * lines.length - index);
      await this.#untilDone(args, Math.floor(share + this.surroundings.random()));
    }
  }

  async #untilDone(args: readonly string[], kills: number): Promise<void> {
    const { oracle, ledger, strikesStates } = this.surroundings;
    let killsLeft = kills;
    for (let turn = 0; turn < patience; turn++) {
      const how = killsLeft > 0 ? 'random' : strikesStates ? 'state' : 'none';
      const outcome = await this.#once(args, how);
      ledger.note(args, outcome);
      const wasKilled = outcome.exitCode === undefined;
      if (how === 'random') killsLeft -= 1;
      if (how === 'random' && wasKilled) this.#killsLeft -= 1;
      if (wasKilled) continue;
      if (outcome.exitCode === 0) {
        this.#usual.set(args[0] ?? '', outcome.seconds);
        return;
      }
      // Refused while the lease of a killed run lasts, or stopped by the loss of its own: it says to run it again.
      if (outcome.exitCode !== 1 && outcome.exitCode !== 3) {
        oracle.report('job', `${args.join(' ')} ended with ${outcome.exitCode ?? 'a kill'}: ${outcome.said}`);
        return;
      }
      this.surroundings.say(`  ${args.join(' ')} ended with ${outcome.exitCode}: ${outcome.said}`);
      await delay(1_000);
    }
    oracle.report('job', `${args.join(' ')} was not done in ${patience} runs`);
  }

  async #once(args: readonly string[], how: 'state' | 'random' | 'none'): Promise<JobOutcome> {
    const { env, clock, random } = this.surroundings;
    const name = args[0] ?? '';
    const struck = this.#struck.get(name) ?? new Set<string>();
    this.#struck.set(name, struck);
    const strike = how === 'state' ? { strike: { how: 'kill', spared: [...struck] } as const } : {};
    const run = startJob({ args, env, clockOffsetMs: clock.offsetMs, ...strike });
    if (how === 'random') {
      const timer = setTimeout(() => run.process.kill('SIGKILL'), random() * (this.#usual.get(name) ?? 1) * 1_000);
      void run.ended.finally(() => clearTimeout(timer));
    }
    const outcome = await run.ended;
    if (outcome.struckAt !== undefined) struck.add(outcome.struckAt);
    return outcome;
  }
}
