import { type MonthYear, parseMonth } from '@parlance/storage';
import { type Command, UsageError } from '../../cli/command.js';
import { type ExitCode, exitCode } from '../../exit-code.js';
import type { JobContext } from '../../job-context.js';
import { readMonth } from '../../months/month-registry.js';
import { onArchive, openArchive } from '../open-archive.js';
import { planRestoreMonth } from './plan-restore-month.js';
import { restoreCopy } from './restore-copy.js';
import { restoreLive } from './restore-live.js';

/** What `restore-month` is asked for. */
export interface RestoreMonthOptions {
  readonly month: MonthYear;
  /** Name of another database; default that of the services with `_restored`. Not with `live`. */
  readonly into?: string;
  /** Bring the month back to where it was, and send readers there. */
  readonly live: boolean;
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
}

/** `jobs restore-month`: brings a month back from the archive. */
export const restoreMonthCommand: Command = {
  name: 'restore-month',
  usage: 'restore-month --month YYYY-MM [--into DATABASE | --live] [--dry-run]',
  doc: 'Puts an archived month into another database, or with --live back to where it was, and compares it with the archive.',
  alone: true,
  options: {
    month: { type: 'string' },
    into: { type: 'string' },
    live: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
  },
  run(values, context) {
    const month = parseMonth(String(values['month'] ?? ''));
    if (!month) throw new UsageError('restore-month needs --month YYYY-MM');
    const live = values['live'] === true;
    const into = values['into'];
    if (live && into !== undefined) throw new UsageError('--into and --live exclude each other');
    const options = { month, live, dryRun: values['dry-run'] === true };
    return restoreMonth(into === undefined ? options : { ...options, into: String(into) }, context);
  },
};

/**
 * Restores one month. May be killed at any point and run again.
 * @throws JobFailed; what the driver throws.
 */
export async function restoreMonth(options: RestoreMonthOptions, context: JobContext): Promise<ExitCode> {
  const { database, report } = context;
  const { month, live, dryRun } = options;
  const archive = await openArchive(context);
  const own = database.db.databaseName;
  const into = live ? undefined : (options.into ?? `${own}_restored`);
  const entry = await readMonth(database, month);
  const plan = planRestoreMonth({ month, hasArchive: archive !== undefined, entry, into, own });
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || dryRun || !archive || !entry?.archive) return exitCode.done;
  const { archive: copy } = entry;
  for (const step of plan.steps) {
    if (into === undefined) {
      await onArchive(() => restoreLive(month, step, archive, context));
      report.done(`${month} is SEALED: readers find it in MongoDB`, { month, state: 'SEALED', tier: 'cold' });
    } else {
      const records = await onArchive(() => restoreCopy(copy, into, archive, context));
      report.done(`${month} is in the database ${into}, ${records} records`, { month, database: into, records });
    }
  }
  return exitCode.done;
}
