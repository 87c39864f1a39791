import { setTimeout as delay } from 'node:timers/promises';
import type { ChatDatabase } from '@parlance/storage';
import type { SabotageName } from '../../sabotage/sabotages.js';
import type { Oracle } from '../oracle/oracle.js';
import type { YearServers } from '../year/year-servers.js';
import type { JobOutcome, JobRun, JobStart } from './job-run.js';
import { passLease } from './pass-lease.js';

/** Something beside kills that happens to a run of a job. */
export interface Disturbance {
  readonly name: string;
  /** Commands that it happens to. */
  readonly jobs: readonly string[];
  /** Whether it happens again in later months, at another checkpoint. */
  readonly repeats: boolean;
  /**
   * Leaves the job as it is; whoever called runs it until it is done. Answers what happened, in words; undefined when the job
   * did not come to where it would have: it is tried again in another month.
   */
  run(stage: Stage): Promise<string | undefined>;
}

/** What a disturbance works with. */
export interface Stage {
  /** The command line. */
  readonly args: readonly string[];
  readonly database: ChatDatabase;
  readonly servers: YearServers;
  readonly oracle: Oracle;
  /** Checkpoints that this job was halted at before. */
  readonly halted: Set<string>;
  start(options?: Pick<JobStart, 'strike'> & { readonly sabotages?: readonly SabotageName[] }): JobRun;
  /** Runs the command line, or another one, until it ends with 0. */
  untilDone(args?: readonly string[]): Promise<void>;
}

const movers = ['migrate-tiers', 'archive-months'] as const;

/** All of them; each month of a job has the next one. */
export const disturbances: readonly Disturbance[] = [
  {
    name: 'two at once, without a lease',
    jobs: movers,
    repeats: false,
    async run({ start, oracle, args }) {
      const runs = [start({ sabotages: ['no-lease'] }), start({ sabotages: ['no-lease'] })];
      const ends = await Promise.all(runs.map(({ ended }) => ended));
      for (const end of ends) expectFenced(end, args, oracle);
      return `they ended with ${ends.map(({ exitCode }) => exitCode).join(' and ')}`;
    },
  },
  {
    name: 'the primary of the config servers is killed',
    jobs: ['migrate-tiers'],
    repeats: false,
    async run({ start, servers }) {
      const run = start({ strike: { how: 'tell', spared: ['balancer:recorded', 'balancer:stopped'] } });
      const at = await run.struck;
      const primary = await servers.cluster?.config.primary();
      await primary?.kill();
      await delay(2_000);
      await primary?.restart();
      const { exitCode, said } = await run.ended;
      return `at ${at ?? 'its end'}; the job ended with ${exitCode}${exitCode === 0 ? '' : ` (${said})`}`;
    },
  },
  {
    name: 'the disk of the archive is full',
    jobs: ['archive-months'],
    repeats: false,
    async run({
      start,
      servers: {
        archive: { target },
      },
      database,
      oracle,
      args,
    }) {
      if (target.unfillable !== undefined) return `SKIPPED: ${target.unfillable}`;
      const archived = () => database.months.countDocuments({ state: 'ARCHIVED' });
      const before = await archived();
      await target.fill();
      const { exitCode, said } = await start().ended;
      const more = (await archived()) - before;
      await target.release();
      // Only a drop was due.
      if (more === 0 && exitCode === 0) return undefined;
      if (more !== 0 || exitCode !== 1)
        oracle.report('job', `${args.join(' ')} ended with ${exitCode} on a full disk: ${said}`);
      return `it ended with ${exitCode} (${said})`;
    },
  },
  {
    name: 'halted before it drops a month, and woken when the month was restored',
    jobs: ['archive-months'],
    repeats: false,
    async run({ start, untilDone, database, oracle, args }) {
      const zombie = start({ strike: { how: 'stop', at: 'archive-months:checked' } });
      const [at, entry] = [await zombie.struck, await database.months.findOne({ 'work.job': 'archive-months' })];
      if (at === undefined || !entry) {
        await zombie.ended;
        return undefined;
      }
      const { monthYear } = entry;
      await passLease(database);
      await untilDone();
      await untilDone(['restore-month', '--month', monthYear, '--live', '--wait', '60']);
      const [before, records] = [await monthsOf(database), await database.messages(monthYear).countDocuments()];
      zombie.process.kill('SIGCONT');
      const end = await zombie.ended;
      expectFenced(end, args, oracle);
      const left = await database.messages(monthYear).countDocuments();
      if ((await monthsOf(database)) !== before || left !== records)
        oracle.report('job', `${monthYear} was restored with ${records} records and has ${left} after a zombie woke`);
      return `${monthYear} has its ${left} records; it ended with ${end.exitCode} (${end.said})`;
    },
  },
  {
    name: 'halted past its lease, and woken when another run is done',
    jobs: [...movers, 'erase-user'],
    repeats: true,
    async run({ start, halted, untilDone, database, oracle, args }) {
      const zombie = start({ strike: { how: 'stop', spared: [...halted] } });
      const at = await zombie.struck;
      if (at === undefined) {
        await zombie.ended;
        return 'it has been halted everywhere';
      }
      halted.add(at);
      await passLease(database);
      await untilDone();
      const before = await monthsOf(database);
      zombie.process.kill('SIGCONT');
      const end = await zombie.ended;
      expectFenced(end, args, oracle);
      if ((await monthsOf(database)) !== before)
        oracle.report('job', `${args.join(' ')} woke after ${at} and changed a month`);
      return `at ${at}; it ended with ${end.exitCode} (${end.said})`;
    },
  },
];

/** A run that has lost its month may say so, and may find that all is done. */
function expectFenced({ exitCode, said }: JobOutcome, args: readonly string[], oracle: Oracle): void {
  if (exitCode === 0 || exitCode === 1) return;
  oracle.report('job', `${args.join(' ')} ended with ${exitCode ?? 'a kill'}: ${said}`);
}

/** What is registered of all months, but for when they were last found right. */
async function monthsOf(database: ChatDatabase): Promise<string> {
  const months = await database.months.find({}, { projection: { verifiedAt: 0 }, sort: { monthYear: 1 } }).toArray();
  return JSON.stringify(months);
}
