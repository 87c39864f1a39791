import { durable, type MonthDocument, type MonthYear, majority, placeOfMonth } from '@parlance/storage';
import { Long } from 'mongodb';
import { onArchive, openArchive } from '../archive/open-archive.js';
import { type Command, UsageError } from '../cli/command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import { type Fold } from '../fold/fold.js';
import { type FoldedMonth, foldMonth } from '../fold/fold-month.js';
import type { JobContext } from '../job-context.js';
import { heldRooms } from './held-rooms.js';
import { planRetention, type RetainedRoom, type RetentionStep } from './plan-retention.js';
import { retainedRooms } from './retained-rooms.js';

/** What `apply-retention` is asked for. */
export interface ApplyRetentionOptions {
  readonly dryRun: boolean;
  /** Instead, show again what is hidden in this room and not erased. */
  readonly undo: string | undefined;
}

/** `jobs apply-retention`: takes away what is older than it is kept. */
export const applyRetentionCommand: Command = {
  name: 'apply-retention',
  usage: 'apply-retention [--dry-run] | apply-retention --undo ROOM',
  doc: 'Hides messages that are older than the policy of their room, or RETENTION_DAYS, keeps them, and erases what has been hidden for 30 days; --undo shows again what is hidden in a room. A hold keeps all of a room, and is named.',
  alone: true,
  options: { 'dry-run': { type: 'boolean' }, undo: { type: 'string' } },
  run({ undo, 'dry-run': dryRun }, context) {
    if (undo !== undefined && dryRun === true) throw new UsageError('--undo and --dry-run exclude each other');
    return applyRetention({ undo: typeof undo === 'string' ? undo : undefined, dryRun: dryRun === true }, context);
  },
};

/**
 * Hides and erases by age. May be stopped anywhere and run again. Answers `exitCode.found` when something was left: a room
 * under a hold, a month in an archive that is not configured.
 * @throws JobFailed; what the driver throws.
 */
export async function applyRetention({ dryRun, undo }: ApplyRetentionOptions, context: JobContext): Promise<ExitCode> {
  if (undo !== undefined) return showAgain(undo, context);
  const { database, report, progress, config, now, checkpoint } = context;
  const archive = await openArchive(context);
  const months = await database.months.find({}, majority()).toArray();
  const unreached = new Set(months.filter((entry) => !archive && isInArchive(entry)).map(({ monthYear }) => monthYear));
  const rooms: RetainedRoom[] = [];
  await progress.during('looking through the rooms', async (tell) => {
    for await (const room of retainedRooms(context)) {
      rooms.push(room);
      tell({ done: rooms.length, unit: 'rooms' });
    }
  });
  const plan = planRetention(rooms, { now: await now(), globalDays: config.retentionDays, unreached });
  report.plan(plan);
  if (plan.verdict !== 'run') return exitCode.done;
  let left = plan.steps.some(({ kind }) => kind === 'held' || kind === 'left');
  if (dryRun) return left ? exitCode.found : exitCode.done;
  let [hidden, erased] = [0, 0];
  for (const step of plan.steps) {
    await checkpoint(`apply-retention:${step.kind}`);
    if (step.kind !== 'hide') continue;
    if (await hide(step, context)) hidden += 1;
    else left = true;
  }
  // A hold may have been set since the plan was made.
  const due = plan.steps.filter((step) => step.kind === 'erase');
  const held = new Map(
    await heldRooms(
      database,
      due.map(({ roomId }) => roomId),
    ),
  );
  const rewritten: NonNullable<FoldedMonth['rewritten']>[] = [];
  for (const [month, folds] of foldsOf(due.filter(({ roomId }) => !held.has(roomId)))) {
    const epoch = months.find(({ monthYear }) => monthYear === month)?.epoch ?? 0;
    const order = { month, epoch, folds, job: 'apply-retention', reason: 'they are older than they are kept', archive };
    const done = await onArchive(() => foldMonth(order, context));
    erased += done.emptied;
    if (done.rewritten) rewritten.push(done.rewritten);
    for (const [roomId, name] of done.held) held.set(roomId, name);
  }
  for (const step of due) if (held.has(step.roomId) || !(await noteErased(step, context))) left = true;
  for (const [roomId, name] of held)
    report.done(`refused to erase in ${roomId}: the hold ${JSON.stringify(name)} is on it`, { roomId, hold: name });
  const facts = { hiddenRooms: hidden, erasedMessages: erased, archivesRewritten: rewritten };
  report.done(`hidden in ${hidden} rooms, erased ${erased} messages`, facts);
  return left ? exitCode.found : exitCode.done;
}

/** Whether a copy of a month lies there, read or not. */
function isInArchive(entry: MonthDocument): boolean {
  return placeOfMonth(entry) !== 'collection' || entry.archive !== undefined;
}

/** Answers whether it was hidden: a hold that was set meanwhile keeps it. */
async function hide(
  { roomId, below }: Extract<RetentionStep, { kind: 'hide' }>,
  { database, now }: JobContext,
): Promise<boolean> {
  const id = Long.fromNumber(below);
  const filter = {
    roomId,
    'policy.legalHold': { $exists: false },
    cuts: { $not: { $elemMatch: { below: { $gte: id } } } },
  };
  const cut = { below: id, hiddenAt: new Date(await now()) };
  const { matchedCount } = await database.rooms.updateOne(filter, { $push: { cuts: cut } }, durable());
  return matchedCount === 1;
}

function foldsOf(steps: readonly Extract<RetentionStep, { kind: 'erase' }>[]) {
  const byMonth = new Map<MonthYear, Fold[]>();
  for (const step of steps) {
    for (const month of step.months)
      byMonth.set(month, [...(byMonth.get(month) ?? []), { roomId: step.roomId, upTo: step.below - 1 }]);
  }
  return byMonth;
}

async function noteErased(
  { roomId, below }: Extract<RetentionStep, { kind: 'erase' }>,
  { database }: JobContext,
): Promise<boolean> {
  const id = Long.fromNumber(below);
  const update = { $max: { erasedBelow: id }, $pull: { cuts: { below: { $lte: id } } } };
  const { matchedCount } = await database.rooms.updateOne({ roomId }, update, durable());
  return matchedCount === 1;
}

async function showAgain(roomId: string, { database, report }: JobContext): Promise<ExitCode> {
  const room = await database.rooms.findOne({ roomId }, { ...majority(), projection: { cuts: 1 } });
  const cuts = room?.cuts ?? [];
  if (cuts.length === 0) {
    report.plan({ verdict: 'refused', reason: `nothing is hidden in ${roomId}` });
    return exitCode.refused;
  }
  await database.rooms.updateOne({ roomId }, { $unset: { cuts: '' } }, durable());
  report.done(`${roomId} shows again what was hidden below ${Number(cuts.at(-1)?.below)}`, { roomId });
  return exitCode.done;
}
