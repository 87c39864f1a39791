import { createCollections, createMonth, isSharded } from '@parlance/storage';
import { type ExitCode, exitCode } from '../exit-code.js';
import { registeredMonths } from '../mongo/month-registry.js';
import { planCreateMonths } from '../plan/plan-create-months.js';
import type { JobSurroundings } from '../surroundings.js';
import { type Command, UsageError } from './command.js';

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
  run(values, surroundings) {
    const ahead = Number(values['ahead'] ?? defaultAhead);
    if (!Number.isInteger(ahead) || ahead < 0 || ahead > 24) throw new UsageError('--ahead must be 0 to 24 months');
    return createMonths({ ahead, dryRun: values['dry-run'] === true }, surroundings);
  },
};

/** Creates what is missing of the current month, by MongoDB's clock, and those after it. Repeating it changes nothing. */
export async function createMonths(options: CreateMonthsOptions, surroundings: JobSurroundings): Promise<ExitCode> {
  const { database, progress, report, checkpoint } = surroundings;
  const [now, registered, sharded] = await Promise.all([
    surroundings.now(),
    registeredMonths(database),
    isSharded(database),
  ]);
  const plan = planCreateMonths({ now, ahead: options.ahead, registered, sharded });
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || options.dryRun) return exitCode.done;
  await createCollections(database);
  for (const { month } of plan.steps) {
    await checkpoint('create-months:next');
    await progress.during(`creating ${month}`, () => createMonth(database, month));
    report.done(`${month} is OPEN`, { month, state: 'OPEN' });
  }
  return exitCode.done;
}
