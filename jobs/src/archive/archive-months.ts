import { type MonthYear, majority, parseMonth } from '@parlance/storage';
import { type Command, UsageError } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { archiveMonth } from './archive-month.js';
import { dropArchivedMonth } from './drop-archived-month.js';
import { type OpenArchive, onArchive, openArchive } from './open-archive.js';
import { type ArchiveStep, planArchiveMonths } from './plan-archive-months.js';

/** What `archive-months` is asked for. */
export interface ArchiveMonthsOptions {
  /** Only these; none: all that are due. */
  readonly months: readonly MonthYear[];
  /** Print the plan and change nothing. */
  readonly dryRun: boolean;
  /** Size of a segment, bytes; default that of the format. */
  readonly segmentBytes?: number;
}

/** `jobs archive-months`: moves months out of MongoDB. */
export const archiveMonthsCommand: Command = {
  name: 'archive-months',
  usage: 'archive-months [--month YYYY-MM] [--dry-run]',
  doc: 'Copies sealed months that are old enough into the archive, verifies the copy and sends readers there; a day later drops their collections.',
  alone: true,
  options: { month: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run(values, context) {
    return archiveMonths({ months: askedMonths(values['month']), dryRun: values['dry-run'] === true }, context);
  },
};

/**
 * Archives what is due and drops what has been in the archive for long enough, the oldest month first. May be killed at any
 * point and run again; of two runs one changes a month, and a run that was overtaken stops. A failure in one month ends
 * the run.
 * @throws JobFailed; whatever the driver throws while MongoDB is away.
 */
export async function archiveMonths(options: ArchiveMonthsOptions, context: JobContext): Promise<ExitCode> {
  const { database, config, report, now } = context;
  const archive = await openArchive(context);
  const plan = planArchiveMonths({
    now: await now(),
    policy: config,
    hasArchive: archive !== undefined,
    months: await database.months.find({}, majority()).toArray(),
    asked: options.months,
  });
  report.plan(plan);
  if (plan.verdict === 'refused') return exitCode.refused;
  if (plan.verdict === 'nothing' || options.dryRun || !archive) return exitCode.done;
  for (const step of plan.steps) await onArchive(() => apply(step, archive, options, context));
  return exitCode.done;
}

async function apply(
  step: ArchiveStep,
  archive: OpenArchive,
  { segmentBytes }: ArchiveMonthsOptions,
  context: JobContext,
): Promise<void> {
  const { report, config } = context;
  const { month } = step;
  switch (step.kind) {
    case 'copy': {
      const settings = {
        archive,
        graceMs: config.archiveGraceMs,
        ...(segmentBytes === undefined ? {} : { segmentBytes }),
      };
      const { manifest, messages, bytes, deleteFrom } = await archiveMonth(step, settings, context);
      const until = deleteFrom?.toISOString() ?? '';
      const text = `${month} is ARCHIVED: ${messages.toString()} messages in ${bytes.toString()} bytes at ${manifest}; its collection stays until ${until}`;
      report.done(text, { month, state: 'ARCHIVED', messages, bytes, manifest, deleteFrom });
      return;
    }
    case 'drop':
      await dropArchivedMonth(step, archive, context);
      report.done(`the collection of ${month} is dropped, a view stands in its place`, { month, dropped: true });
  }
}

function askedMonths(written: string | boolean | undefined): MonthYear[] {
  if (written === undefined) return [];
  const month = parseMonth(String(written));
  if (!month) throw new UsageError('--month must be YYYY-MM');
  return [month];
}
