import {
  ArchiveFault,
  type MonthDocument,
  type MonthYear,
  majority,
  parseMonth,
  placeOfMonth,
  takesMessages,
} from '@parlance/storage';
import { type OpenArchive, onArchive, openArchive } from '../archive/open-archive.js';
import { type Command, UsageError } from '../cli/command.js';
import { countInCollection, pendingErasures } from '../erasure/pending-erasures.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { JobContext } from '../job-context.js';
import { hasCollection } from '../mongo/has-collection.js';
import { countArchived } from './count-archived.js';
import { type Fold, Folds } from './fold.js';
import { foldMonth } from './fold-month.js';
import { type FoldableMonth, type PendingErasure, planFoldEvents } from './plan-fold-events.js';

/** What `fold-events` is asked for. */
export interface FoldEventsOptions {
  /** Only this month; undefined: all that are closed. */
  readonly month?: MonthYear;
  readonly dryRun: boolean;
  /** Size of a segment of the archive, bytes; default that of the format. */
  readonly segmentBytes?: number;
}

/** `jobs fold-events`: has closed months hold what room events say of their messages. */
export const foldEventsCommand: Command = {
  name: 'fold-events',
  usage: 'fold-events [--month YYYY-MM] [--dry-run]',
  doc: 'Writes into closed months, also archived ones, what was noted of their messages and is not in their records: erasures of a run that died or met a hold, or from before a backup came back. Notes up to when that is all (foldedThrough). Needs BODY_HASH_KEY.',
  alone: true,
  options: { month: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  run({ month: written, 'dry-run': dryRun }, context) {
    if (context.config.bodyHashKey === undefined) throw new UsageError('fold-events needs BODY_HASH_KEY');
    const month = parseMonth(String(written ?? ''));
    if (written !== undefined && !month) throw new UsageError('--month must be YYYY-MM');
    return foldEvents({ dryRun: dryRun === true, ...(month && { month }) }, context);
  },
};

const foldJob = 'fold-events';

/**
 * Folds what is pending in closed months, the oldest first. May be stopped anywhere and run again. Answers `exitCode.found` when
 * something was left: a room under a hold, a month in an archive that cannot be read.
 * @throws JobFailed; what the driver throws.
 */
export async function foldEvents(options: FoldEventsOptions, context: JobContext): Promise<ExitCode> {
  const { database, report, config, now } = context;
  const { month: asked, dryRun, segmentBytes } = options;
  const archive = await openArchive(context);
  const at = await now();
  const entries = await database.months.find({}, majority()).toArray();
  const closed = entries.filter((entry) => !takesMessages(entry) && placeOfMonth(entry) !== 'unknown');
  const wanted = closed.filter(({ monthYear }) => asked === undefined || monthYear === asked);
  if (asked !== undefined && wanted.length === 0) {
    report.plan({ verdict: 'refused', reason: `${asked} is not registered, or takes messages still` });
    return exitCode.refused;
  }
  const pending = await pendingErasures(wanted, context);
  const months: FoldableMonth[] = [];
  for (const entry of wanted)
    months.push(await onArchive(() => look(entry, pending.get(entry.monthYear) ?? [], archive, context)));
  const plan = planFoldEvents(months, at);
  report.plan(plan);
  if (plan.verdict !== 'run') return exitCode.done;
  let isLeft = plan.steps.some(({ kind }) => kind === 'held' || kind === 'left');
  if (dryRun) return isLeft ? exitCode.found : exitCode.done;
  for (const step of plan.steps) {
    if (step.kind !== 'fold' && step.kind !== 'advance') continue;
    const { month, epoch, through } = step;
    const order = {
      month,
      epoch,
      folds: foldsOf(step.folds, config.bodyHashKey),
      job: foldJob,
      reason: step.reason,
      archive,
      ...(through !== undefined && { foldedThrough: new Date(through) }),
      ...(segmentBytes !== undefined && { segmentBytes }),
    };
    const { emptied, held, rewritten } = await onArchive(() => foldMonth(order, context));
    isLeft ||= held.size > 0;
    for (const [roomId, name] of held)
      report.done(`refused to empty messages of ${roomId}: the hold ${JSON.stringify(name)} is on it`, {
        roomId,
        hold: name,
      });
    const facts = { month, emptied, ...(rewritten && { rewritten }) };
    report.done(`${month}: ${emptied} messages emptied${rewritten ? `, now at ${rewritten.to}` : ''}`, facts);
  }
  return isLeft ? exitCode.found : exitCode.done;
}

function foldsOf(erasures: readonly PendingErasure[], nameKey: string | undefined): Fold[] {
  return erasures.map(({ roomId, userId, upTo }) => ({
    roomId,
    userId,
    upTo,
    ...(nameKey !== undefined && { nameKey }),
  }));
}

async function look(
  entry: MonthDocument,
  pending: readonly PendingErasure[],
  archive: OpenArchive | undefined,
  context: JobContext,
): Promise<FoldableMonth> {
  const { monthYear: month, epoch, foldedThrough, archive: copy } = entry;
  const free = pending.filter(({ hold }) => hold === undefined);
  const known = { month, epoch, foldedThrough: foldedThrough?.getTime(), pending };
  let messages = hasCollection(entry) ? await countInCollection(month, free, context) : 0;
  if (!copy || free.length === 0) return { ...known, messages, unread: undefined };
  if (!archive) return { ...known, messages, unread: 'no archive is configured: ARCHIVE_DRIVER is none' };
  try {
    const { left } = await countArchived(copy, new Folds(foldsOf(free, undefined)), archive, context.signal);
    messages = Math.max(
      messages,
      [...left.values()].reduce((sum, count) => sum + count, 0),
    );
    return { ...known, messages, unread: undefined };
  } catch (thrown) {
    if (!(thrown instanceof ArchiveFault) || thrown.trouble === 'unavailable') throw thrown;
    return { ...known, messages, unread: `its archive cannot be read: ${thrown.message}` };
  }
}
