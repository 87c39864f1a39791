import { setTimeout as delay } from 'node:timers/promises';
import { type ChatDatabase, isSharded, type MonthYear } from '@parlance/storage';
import type { Oracle } from '../oracle/oracle.js';
import type { YearSpan } from '../year/year-job.js';
import { yearJobs } from '../year/year-jobs.js';
import type { YearServers } from '../year/year-servers.js';
import { type Disturbance, disturbances } from './disturbances.js';
import type { JobLedger } from './job-ledger.js';
import type { JobStart } from './job-run.js';
import type { JobRunner } from './job-runner.js';
import { passLease } from './pass-lease.js';

/** Runs of one command line before it is given up. */
const patience = 40;

/** Runs the jobs that are due, kills them as asked, and runs them again until they are done. */
export class Operator {
  private killsLeft: number;
  /** What has yet to happen to a job, by job, and the checkpoints that it was halted at. */
  private readonly disturbances = new Map<string, { readonly left: Disturbance[]; readonly halted: Set<string> }>();

  constructor(
    private readonly runner: JobRunner,
    private readonly records: YearRecords,
    private readonly place: YearPlace,
    private readonly strikes: Strikes,
  ) {
    this.killsLeft = strikes.randomKills;
  }

  /** Runs all that is due in a month; `monthsLeft` counts this one. */
  async run(month: MonthYear, year: YearSpan, monthsLeft: number): Promise<void> {
    const due = yearJobs.flatMap((job) => job.due(month, year).map((args) => ({ ...job, args })));
    let killable = due.filter(({ looks }) => !looks).length;
    const later = (monthsLeft - 1) * killable;
    for (const { args, looks, strikesAMonth } of due) {
      // As many as fall to this line, by chance where that is not a whole number.
      const share = looks ? 0 : this.killsLeft / (later + killable--);
      const kills = Math.floor(share + (looks ? 0 : this.strikes.random()));
      const erased = args[0] === 'erase-user' ? year.erasures.get(month) : undefined;
      if (erased !== undefined) this.records.oracle.beginErasure(erased);
      if (this.strikes.disturbs && this.runner.knows(args[0] ?? '')) await this.disturb(args);
      await this.untilDone(args, kills, strikesAMonth);
      if (erased !== undefined) this.records.oracle.endErasure(erased);
      await this.expectBalancer(args);
    }
  }

  /** The next disturbance of a job that has been done once. */
  private async disturb(args: readonly string[]): Promise<void> {
    const { say, oracle } = this.records;
    const job = args[0] ?? '';
    const queue = this.disturbances.get(job) ?? {
      left: disturbances.filter(({ jobs }) => jobs.includes(job)),
      halted: new Set<string>(),
    };
    this.disturbances.set(job, queue);
    const [next] = queue.left;
    if (!next) return;
    const start = (options: Partial<JobStart> = {}) => this.runner.start(args, options);
    // It happens to a run that has something to do.
    const { planned } = await start({ args: [...args, '--dry-run'] }).ended;
    if (planned.length === 0) return;
    queue.left.shift();
    const untilDone = (other = args) => this.untilDone(other, 0);
    const text = await next.run({ args, ...this.place, oracle, halted: queue.halted, start, untilDone });
    if (next.repeats || text === undefined) queue.left.push(next);
    if (text === undefined) return;
    this.records.ledger.disturbed(next.name, text);
    say(`  ${args.join(' ')}, ${next.name}: ${text}`);
  }

  /** Whatever became of a job, once another is done MongoDB's balancer is on as before. */
  private async expectBalancer(args: readonly string[]): Promise<void> {
    const { database } = this.place;
    if (!(await isSharded(database))) return;
    const { mode } = await database.db.client.db('admin').command({ balancerStatus: 1 });
    if (mode === 'off') this.records.oracle.report('job', `the balancer is off after ${args.join(' ')}`);
  }

  private async untilDone(args: readonly string[], kills: number, strikes = Number.POSITIVE_INFINITY): Promise<void> {
    const { oracle, ledger, say } = this.records;
    let killsLeft = kills;
    let strikesLeft = this.strikes.strikesStates ? strikes : 0;
    for (let turn = 0; turn < patience; turn++) {
      const how = killsLeft > 0 ? 'random' : strikesLeft > 0 ? 'state' : 'none';
      const outcome = await this.runner.once(args, how);
      ledger.note(args, outcome);
      const wasKilled = outcome.exitCode === undefined;
      if (how === 'random') killsLeft -= 1;
      if (how === 'random' && wasKilled) this.killsLeft -= 1;
      if (how === 'state' && wasKilled) strikesLeft -= 1;
      if (wasKilled) {
        await passLease(this.place.database);
        continue;
      }
      if (outcome.exitCode === 0) return;
      // Refused while the lease of a killed run lasts, or stopped by the loss of its own: it is to be run again.
      if (outcome.exitCode !== 1 && outcome.exitCode !== 3) {
        oracle.report('job', `${args.join(' ')} ended with ${outcome.exitCode ?? 'a kill'}: ${outcome.said}`);
        return;
      }
      say(`  ${args.join(' ')} ended with ${outcome.exitCode}: ${outcome.said}`);
      await delay(1_000);
    }
    oracle.report('job', `${args.join(' ')} was not done in ${patience} runs`);
  }
}

/** Who is told what becomes of jobs. */
export interface YearRecords {
  readonly oracle: Oracle;
  readonly ledger: JobLedger;
  readonly say: (line: string) => void;
}

/** What the jobs are about. */
export interface YearPlace {
  readonly database: ChatDatabase;
  readonly servers: YearServers;
}

/** What is done to jobs. */
export interface Strikes {
  /** End each job once at every checkpoint that it has. */
  readonly strikesStates: boolean;
  /** Have everything in `disturbances` happen to it. */
  readonly disturbs: boolean;
  /** Kills at any moment, over all the months to come. */
  readonly randomKills: number;
  readonly random: () => number;
}
