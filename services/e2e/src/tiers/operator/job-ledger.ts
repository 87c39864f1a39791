import type { JobOutcome } from './job-run.js';

/** What the runs of one job came to. */
export interface JobSummary {
  readonly job: string;
  /** Runs that ended by themselves with code 0. */
  readonly done: number;
  readonly killed: number;
  /** Ended by themselves with another code, to be run again. */
  readonly again: number;
  /** Checkpoints that it was killed at. */
  readonly struck: readonly string[];
  /** Steps that killed runs had planned, and those of them that the next run planned again. */
  readonly plannedByKilled: number;
  readonly repeatedSteps: number;
  /** Spent in killed runs, and in all. */
  readonly killedSeconds: number;
  readonly seconds: number;
}

interface Account {
  done: number;
  killed: number;
  again: number;
  readonly struck: Set<string>;
  plannedByKilled: number;
  repeatedSteps: number;
  killedSeconds: number;
  seconds: number;
  /** Steps of the run before, if that was killed. */
  interrupted: ReadonlySet<string>;
}

/** Remembers what became of each run of a job, and how much of their work was done twice. */
export class JobLedger {
  private readonly accounts = new Map<string, Account>();
  private _latest = '';

  /** All jobs, in the order of their first runs. */
  get summaries(): readonly JobSummary[] {
    return [...this.accounts].map(([job, account]) => {
      const { done, killed, again, plannedByKilled, repeatedSteps, killedSeconds, seconds } = account;
      const counts = { done, killed, again, plannedByKilled, repeatedSteps, killedSeconds, seconds };
      return { job, ...counts, struck: [...account.struck] };
    });
  }

  /** Times that a job was killed. */
  get kills(): number {
    return this.summaries.reduce((sum, { killed }) => sum + killed, 0);
  }

  /** How often each disturbance happened, by its name. */
  readonly disturbances = new Map<string, number>();
  /** What could not happen on this machine, with the reason. */
  readonly skipped: string[] = [];

  disturbed(name: string, text: string): void {
    if (text.startsWith('SKIPPED')) this.skipped.push(`${name}: ${text}`);
    else this.disturbances.set(name, (this.disturbances.get(name) ?? 0) + 1);
  }

  /** The run that ended last, in a few words. */
  get latest(): string {
    return this._latest;
  }

  note(args: readonly string[], outcome: JobOutcome): void {
    const job = args[0] ?? '';
    const account = this.accounts.get(job) ?? fresh();
    this.accounts.set(job, account);
    const { exitCode, seconds, struckAt, planned } = outcome;
    account.seconds += seconds;
    account.repeatedSteps += planned.filter((step) => account.interrupted.has(step)).length;
    account.interrupted = new Set();
    if (struckAt !== undefined) account.struck.add(struckAt);
    if (exitCode === undefined) {
      account.killed += 1;
      account.killedSeconds += seconds;
      account.plannedByKilled += planned.length;
      account.interrupted = new Set(planned);
    } else if (exitCode === 0) account.done += 1;
    else account.again += 1;
    const ending = exitCode === undefined ? `killed${struckAt ? ` at ${struckAt}` : ''}` : `ended with ${exitCode}`;
    this._latest = `${args.join(' ')} ${ending} after ${seconds.toFixed(1)} s`;
  }
}

function fresh(): Account {
  return {
    done: 0,
    killed: 0,
    again: 0,
    struck: new Set(),
    plannedByKilled: 0,
    repeatedSteps: 0,
    killedSeconds: 0,
    seconds: 0,
    interrupted: new Set(),
  };
}
