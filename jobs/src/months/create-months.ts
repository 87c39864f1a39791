import { type ChatDatabase, createMonth, isSharded } from '@parlance/storage';
import { createBaseCollections } from '../bootstrap/create-base-collections.js';
import { type Command, UsageError } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { readShards, shardsOf } from '../mongo/cluster/cluster-shards.js';
import { createShardedMonth } from './create-sharded-month.js';
import { registeredMonths } from './month-registry.js';
import { planCreateMonths } from './plan-create-months.js';

/** Months ahead when none are named: whoever misses one run has a month for the next. */
const defaultAhead = 2;

/** What `create-months` is asked for. */
export interface CreateMonthsOptions {
  /** Months to have beyond the current one. */
  readonly ahead: number;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs create-months`: has the months ready that messages will need. */
export const createMonthsCommand: Command = {
  name: 'create-months',
  usage: 'create-months [--ahead 2] [--dry-run]',
  doc: 'Creates the collections of this month and the next ones with their indexes and registers them as OPEN.',
  alone: false,
  options: { ahead: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run(values, context) {
    const ahead = Number(values['ahead'] ?? defaultAhead);
    if (!Number.isInteger(ahead) || ahead < 0 || ahead > 24) throw new UsageError('--ahead must be 0 to 24 months');
    return createMonths({ ahead, dryRun: values['dry-run'] === true }, context);
  },
};

/** Creates what is missing of the current month, by MongoDB's clock, and those after it. Repeating it changes nothing. */
export async function createMonths(options: CreateMonthsOptions, context: JobContext): Promise<ExitCode> {
  const { database, progress, report, checkpoint } = context;
  const [now, registered, hotShards] = await Promise.all([
    context.now(),
    registeredMonths(database),
    readHotShards(database),
  ]);
  const plan = planCreateMonths({ now, ahead: options.ahead, registered, hotShards });
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || options.dryRun) return exitCode.done;
  await createBaseCollections(database);
  for (const { month, spread } of plan.steps) {
    await checkpoint('create-months:next');
    const shards = await progress.during(`creating ${month}`, async () => {
      if (spread) return await createShardedMonth(context, month, spread);
      await createMonth(database, month);
      return [];
    });
    report.done(`${month} is OPEN${shards.length > 0 ? ` on ${shards.join(', ')}` : ''}`, {
      month,
      state: 'OPEN',
      shards,
    });
  }
  return exitCode.done;
}

async function readHotShards(database: ChatDatabase): Promise<readonly string[] | undefined> {
  return (await isSharded(database)) ? shardsOf('hot', await readShards(database)) : undefined;
}
