import {
  ArchiveFault,
  ArchiveWalk,
  type MonthArchive,
  type MonthDocument,
  type MonthYear,
  placeOfMonth,
} from '@parlance/storage';
import { monthFolder, objectsOf, removeAllBut } from '../archive/archive-objects.js';
import type { OpenArchive } from '../archive/open-archive.js';
import { restoreJob } from '../archive/restore/plan-restore-month.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { ClaimedMonth } from '../months/claimed-month.js';
import { findMonthCollection } from '../months/month-collection.js';
import { readMonth } from '../months/month-registry.js';
import { countArchived } from './count-archived.js';
import { emptyCollection } from './empty-collection.js';
import { type Fold, Folds } from './fold.js';
import { followArchive } from './follow-archive.js';
import { type RewriteMemo, rewriteArchive } from './rewrite-archive.js';

/** What is emptied in one month. */
export interface FoldOrder {
  readonly month: MonthYear;
  /** As it was read when the folds were decided: whoever has changed the month since wins. */
  readonly epoch: number;
  /** None: what a dead run has left is cleaned up. */
  readonly folds: readonly Fold[];
  /** The job that does it; its name stands in the claim and before checkpoints. */
  readonly job: string;
  /** Why, for people. */
  readonly reason: string;
  /** Undefined where none is configured. */
  readonly archive: OpenArchive | undefined;
  /** Room events up to this time are part of the month then, unless a room is left; undefined: not known of all of them. */
  readonly foldedThrough?: Date;
  /** Size of a segment, bytes; default that of the format. */
  readonly segmentBytes?: number;
}

/** What became of it. */
export interface FoldedMonth {
  /** Messages that were emptied where the month is read. */
  readonly emptied: number;
  /** Rooms that were left, by the names of the holds on them. */
  readonly held: ReadonlyMap<string, string>;
  /** Keys of the manifests, where the month got a new copy in the archive. */
  readonly rewritten?: { readonly from: string; readonly to: string };
  /** Objects of the archive that were removed: the old copy, and what dead runs have left. */
  readonly removed: number;
  /** Why what was begun in the archive and never finished may be there still; undefined when it is not. */
  readonly unswept: string | undefined;
}

/**
 * Empties messages of one month wherever it lies: its documents, its copy in the archive (which is written anew), what dead
 * runs have left there. Under a claim of the month, so that nobody moves, archives or restores it meanwhile. A room with a
 * hold is left as it is and named, also when the hold was set a moment ago. May be stopped anywhere and done again: what is
 * empty is not met again.
 * @throws JobFailed; ArchiveFault; what the driver throws.
 */
export async function foldMonth(order: FoldOrder, context: JobContext): Promise<FoldedMonth> {
  const { month, job, reason, archive, foldedThrough } = order;
  const { database, checkpoint } = context;
  const read = await readMonth(database, month);
  if (!read) throw new JobFailed(`${month} is not registered`);
  if (read.epoch !== order.epoch) throw new JobFailed(`${month} was changed by another job`);
  refuse(read, order);
  const folds = new Folds(order.folds);
  const note = { step: 'fold', what: `empty messages in ${folds.roomIds.length} rooms of ${month}`, reason };
  const claimed = await ClaimedMonth.claim<RewriteMemo>(context, read, job, note);
  await checkpoint(`${job}:claimed`);
  const { emptied, held, copy } =
    placeOfMonth(claimed.entry) === 'archive'
      ? await foldArchive(claimed, folds, order, context)
      : await foldCollection(claimed, folds, order, context);
  if (held.size > 0 && copy === 'refused') {
    await claimed.release();
    const { foldedThrough: _, ...left } = order;
    const others = await foldMonth({ ...left, epoch: claimed.entry.epoch, folds: folds.without(held).all }, context);
    return { ...others, held: new Map([...held, ...others.held]) };
  }
  const current = copy === 'refused' ? undefined : (copy ?? claimed.entry.archive);
  const cleaned = archive ? await clean(claimed, current, archive) : { removed: 0, unswept: undefined };
  await checkpoint(`${job}:cleaned`);
  await claimed.release(foldedThrough && held.size === 0 ? { foldedThrough } : {});
  await checkpoint(`${job}:folded`);
  const from = claimed.memo.from ?? claimed.entry.archive?.manifest;
  const rewritten = from !== undefined && current && current.manifest !== from;
  return { emptied, held, ...cleaned, ...(rewritten && { rewritten: { from, to: current.manifest } }) };
}

function refuse({ work, state }: MonthDocument, { month, archive }: FoldOrder): void {
  // It has taken the view away, and only it knows whose the collection is that stands there.
  if (work?.job === restoreJob)
    throw new JobFailed(`${month} is not done with ${restoreJob}, which stopped at ${work.step}: run it again first`);
  const place = placeOfMonth({ state });
  if (place === 'unknown') throw new JobFailed(`where ${month} lies is not known to this release`);
  if (place === 'archive' && !archive)
    throw new JobFailed(`${month} lies in the archive, and none is configured: ARCHIVE_DRIVER is none`);
}

interface Folded {
  readonly emptied: number;
  readonly held: ReadonlyMap<string, string>;
  /** The new copy in the archive; `refused`: holds came before it, and nothing was changed. */
  readonly copy?: MonthArchive | 'refused';
}

/** A month that is read in its collection; a copy in the archive, as a restored month has one, follows it. */
async function foldCollection(
  claimed: ClaimedMonth<RewriteMemo>,
  folds: Folds,
  order: FoldOrder,
  context: JobContext,
): Promise<Folded> {
  const { progress, checkpoint, signal } = context;
  const { month, job, archive, reason } = order;
  const { archive: copy } = claimed.entry;
  // Its records are about to become others: what was known of all of them does not hold any more.
  if (folds.all.length > 0)
    await claimed.step({ step: 'fold', what: `empty documents of ${month}`, reason }, { digest: undefined });
  let emptied = 0;
  const held = await progress.during(`emptying messages of ${month}`, (tell) =>
    emptyCollection({
      claimed,
      folds,
      context,
      emptied: async (messages) => {
        tell({ done: (emptied += messages), unit: 'messages' });
        await checkpoint(`${job}:emptied`);
      },
    }),
  );
  if (!copy || !archive) return { emptied, held };
  const { left } = await countArchived(copy, folds.without(held), archive, signal, true);
  if (left.size === 0) return { emptied, held };
  const task = { claimed, copy, archive, folds: undefined, reason, job, ...sizeOf(order) };
  const next = await rewriteArchive(task, context);
  return 'copy' in next ? { emptied, held, copy: next.copy } : { emptied, held };
}

/** A month that is read in the archive; its collection, which stands in the grace, follows it. */
async function foldArchive(
  claimed: ClaimedMonth<RewriteMemo>,
  folds: Folds,
  order: FoldOrder,
  context: JobContext,
): Promise<Folded> {
  const { database, checkpoint, signal, progress } = context;
  const { month, job, archive, reason } = order;
  const { archive: copy, collectionUUID } = claimed.entry;
  if (!copy || !archive) throw new JobFailed(`${month} is ARCHIVED and names no manifest`);
  const { left: found } = await progress.during(`looking through the archive of ${month}`, () =>
    countArchived(copy, folds, archive, signal),
  );
  const concerned = new Folds(folds.all.filter(({ roomId }) => found.has(roomId)));
  let current = copy;
  if (concerned.all.length > 0) {
    const task = { claimed, copy, archive, folds: concerned, reason, job, ...sizeOf(order) };
    const next = await rewriteArchive(task, context);
    if ('held' in next) return { emptied: 0, held: next.held, copy: 'refused' };
    current = next.copy;
  }
  const stands = await findMonthCollection(database, month);
  if (stands.kind === 'collection') {
    if (collectionUUID?.toUUID().equals(stands.uuid.toUUID()) !== true)
      throw new JobFailed(`a collection that nobody registered stands where ${month} was; it is left as it is`);
    await followArchive(claimed, current, folds, archive, context);
    await checkpoint(`${job}:followed`);
  }
  const emptied = [...found.values()].reduce((sum, messages) => sum + messages, 0);
  return { emptied, held: new Map(), copy: current };
}

/** The size of segments, if one was asked for. */
function sizeOf({ segmentBytes }: FoldOrder): { readonly segmentBytes?: number } {
  return segmentBytes === undefined ? {} : { segmentBytes };
}

/**
 * Removes all of a month but its present copy, to which readers have been sent, and all that was begun in the archive and never
 * finished: writers come one at a time, so it is nobody's.
 */
async function clean(
  claimed: ClaimedMonth<RewriteMemo>,
  copy: MonthArchive | undefined,
  archive: OpenArchive,
): Promise<Pick<FoldedMonth, 'removed' | 'unswept'>> {
  const { month } = claimed;
  const { epoch } = claimed.entry;
  await claimed.hold();
  const unswept = await sweep(month, archive);
  const kept = copy
    ? objectsOf((await ArchiveWalk.open(copy, archive.store, archive.keys)).manifest, copy.manifest)
    : new Set<string>();
  return { removed: await removeAllBut(kept, { month, epoch }, archive), unswept };
}

/** A store may not be allowed to list unfinished uploads; answers why, then. */
async function sweep(month: MonthYear, { store }: OpenArchive): Promise<string | undefined> {
  try {
    for await (const upload of store.unfinished()) {
      if (upload.key === undefined || upload.key.startsWith(monthFolder(month))) await store.discard(upload);
    }
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ArchiveFault) return thrown.message;
    throw thrown;
  }
}
