import { createHash } from 'node:crypto';
import {
  type ArchiveManifest,
  ArchiveWalk,
  canonicalLine,
  type MonthArchive,
  type SegmentEntry,
  type SlotDocument,
} from '@parlance/storage';
import { claimFolder, objectsOf, removeAllBut } from '../archive/archive-objects.js';
import { type CopyMemo, copyMonth } from '../archive/copy-month.js';
import { archiveSource, collectionSource, type MonthSource } from '../archive/month-source.js';
import type { OpenArchive } from '../archive/open-archive.js';
import { storeManifest } from '../archive/store-manifest.js';
import { verifyCopy } from '../archive/verify-copy.js';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import type { ClaimedMonth } from '../months/claimed-month.js';
import type { ProgressState } from '../progress/render-progress.js';
import { EmptyingRooms } from './emptying-rooms.js';
import type { Folds } from './fold.js';

/** What a successor of a rewriting has to know. */
export interface RewriteMemo extends CopyMemo {
  /** What is emptied, out of which archive: a memo of another task does not count. */
  readonly task: string;
  /** When messages were emptied that were not before, Unix milliseconds. */
  readonly at: number;
  /** Key of the manifest that a new one has taken the place of; absent before. */
  readonly from?: string;
}

/** A month in the archive that gets a new copy. */
export interface RewriteTask {
  readonly claimed: ClaimedMonth<RewriteMemo>;
  readonly copy: MonthArchive;
  readonly archive: OpenArchive;
  /** What is emptied on the way from the old copy; undefined: the collection is copied as it is, which readers read. */
  readonly folds: Folds | undefined;
  readonly reason: string;
  /** Default that of the format. */
  readonly segmentBytes?: number;
  /** Begins the names of checkpoints. */
  readonly job: string;
}

/** How long rooms are kept from holds while readers are sent to the new copy, milliseconds. */
const flipMs = 30_000;

/**
 * Writes a new copy of an archived month, reads it back and compares it with what it was made of, and sends readers to it by
 * one compare-and-swap. Nothing of the old copy is touched; whoever still reads there finds its objects until the caller
 * removes them. What is emptied counts from the swap on: if a room has a hold by then, nothing is swapped and the rooms are
 * answered by the names of the holds. Stopped anywhere, a successor with the same task goes on behind the last segment. Memory
 * does not grow with the month.
 * @throws JobFailed; ArchiveFault; what the driver throws.
 */
export async function rewriteArchive(
  task: RewriteTask,
  context: JobContext,
): Promise<{ readonly copy: MonthArchive } | { readonly held: ReadonlyMap<string, string> }> {
  const { claimed, copy, archive, folds, reason, job } = task;
  const { database, progress, checkpoint, signal, now } = context;
  const { month, entry } = claimed;
  const note = (step: string, what: string) => ({ step, what, reason });
  const old = await ArchiveWalk.open(copy, archive.store, archive.keys);
  const begun = begunOf(task);
  const at = begun?.at ?? (await now());
  const change = (record: SlotDocument): SlotDocument => folds?.apply(record, new Date(at)) ?? record;
  const source: MonthSource = folds ? archiveSource(old, change, signal) : collectionSource(database, month, signal);
  const folder = claimFolder(month, entry.epoch);
  const expected = sum(old.manifest.segments, 'records');
  const copying = note('rewriting', `copy ${month} within the archive without what was erased`);
  let memo: CopyMemo = { dictionary: null, segments: [] };
  await progress.during(`rewriting ${month}`, async (report) => {
    const { segmentBytes } = task;
    const plain = { source, month, archive, folder, expected, report };
    for await (memo of copyMonth(segmentBytes === undefined ? plain : { ...plain, segmentBytes }, begun)) {
      await claimed.step({ ...copying, memo: { ...memo, at, task: nameOf(task) } });
      await checkpoint(`${job}:segment`);
    }
  });

  await claimed.step(note('comparing', `read the new copy of ${month} back and compare it with what it was made of`));
  await checkpoint(`${job}:comparing`);
  const manifest: ArchiveManifest = {
    format: 'parlance-archive',
    formatVersion: 1,
    month,
    manifestVersion: copy.manifestVersion + 1,
    createdAt: new Date(await now()).toISOString(),
    foldedThrough: entry.foldedThrough?.toISOString() ?? old.manifest.foldedThrough,
    ...memo,
  };
  await progress.during(`comparing ${month}`, (report) =>
    folds
      ? compareCopies(source, manifest, archive, { expected, report })
      : verifyCopy({ database, archive, manifest, counts: entry.counts, signal, report }),
  );
  await checkpoint(`${job}:compared`);
  const stored = await storeManifest(manifest, folder, archive);
  await checkpoint(`${job}:manifest`);
  const next: MonthArchive = { ...copy, ...stored };
  const verifiedAt = new Date(await now());
  const flip = (until?: Date) => {
    const flipping = note('cleaning', `have readers of ${month} in the new copy, and remove the old one`);
    return claimed.stepBefore(until, { ...flipping, memo: { from: copy.manifest } }, { archive: next, verifiedAt });
  };
  await checkpoint(`${job}:flipping`);
  if (!folds) {
    await flip();
    return { copy: next };
  }
  const rooms = new EmptyingRooms(folds.roomIds, context);
  for (;;) {
    await rooms.begin(flipMs);
    await checkpoint(`${job}:granted`);
    if (rooms.held.size > 0) break;
    if (await flip(rooms.until)) break;
  }
  if (rooms.held.size === 0) await checkpoint(`${job}:flipped`);
  await rooms.end();
  if (rooms.held.size === 0) return { copy: next };
  await removeAllBut(objectsOf(old.manifest, copy.manifest), { month, epoch: entry.epoch }, archive);
  return { held: rooms.held };
}

/** What a dead run of the same task has written. The collection may be another one since. */
function begunOf(task: RewriteTask): RewriteMemo | undefined {
  const { dictionary = null, segments, at, task: name } = task.claimed.memo;
  if (!task.folds || !segments || at === undefined || name !== nameOf(task)) return undefined;
  return { dictionary, segments, at, task: name };
}

function nameOf({ copy, folds }: RewriteTask): string {
  return createHash('sha256')
    .update(JSON.stringify([copy.rootHash, folds?.all ?? null]))
    .digest('hex');
}

function sum(segments: readonly SegmentEntry[], name: 'records'): number {
  return segments.reduce((all, segment) => all + segment[name], 0);
}

/** Every record of the new copy is the one that it was made of, no one more and none less. Reads every byte of both. */
async function compareCopies(
  source: MonthSource,
  manifest: ArchiveManifest,
  { store, keys }: OpenArchive,
  { expected, report }: { readonly expected: number; report(state: ProgressState): void },
): Promise<void> {
  const walk = new ArchiveWalk(manifest, store, keys);
  for await (const { fault } of dictionaryOf(walk)) if (fault) throw fault;
  const written = recordsOf(walk);
  let done = 0;
  for await (const batch of source.batches()) {
    for (const record of batch) {
      const { value } = await written.next();
      if (!value || canonicalLine(value) !== canonicalLine(record))
        throw new JobFailed(
          `${manifest.month}: record ${Number(record.messageId)} of ${record.roomId} is not in the copy`,
        );
    }
    report({ done: (done += batch.length), total: expected, unit: 'records compared' });
  }
  if (!(await written.next()).done) throw new JobFailed(`${manifest.month} has records behind those of its old copy`);
  if (done !== expected) throw new JobFailed(`${manifest.month} has ${done} records, and had ${expected}`);
}

async function* recordsOf(walk: ArchiveWalk): AsyncGenerator<SlotDocument> {
  for (const segment of walk.manifest.segments) yield* walk.records(segment);
}

/** The first thing that a check reads; segments are read record by record anyway. */
async function* dictionaryOf(walk: ArchiveWalk) {
  if (!walk.manifest.dictionary) return;
  for await (const checked of walk.check()) {
    yield checked;
    return;
  }
}
