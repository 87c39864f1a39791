import type { ArchiveManifest, MonthArchive } from '@parlance/storage';
import type { Long } from 'mongodb';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { ClaimedMonth } from '../months/claimed-month.js';
import { findMonthCollection } from '../months/month-collection.js';
import { claimFolder, removeOthers } from './archive-objects.js';
import { type CopyMemo, copyMonth } from './copy-month.js';
import { collectionSource } from './month-source.js';
import type { OpenArchive } from './open-archive.js';
import { type ArchiveStep, archiveJob } from './plan-archive-months.js';
import { storeManifest } from './store-manifest.js';
import { verifyCopy } from './verify-copy.js';

/** How months are archived. */
export interface ArchiveSettings {
  readonly archive: OpenArchive;
  /** How long the collection stays after readers were sent to the archive, milliseconds. */
  readonly graceMs: number;
  /** Size of a segment, bytes; default that of the format. */
  readonly segmentBytes?: number;
}

/**
 * Archives one sealed month: copies it (noted after each segment), reads the copy back and compares it with the collection,
 * then sends readers to it by one compare-and-swap. Stopped anywhere it changes nothing that readers see, and a successor goes
 * on behind the last segment.
 * @throws JobFailed; ArchiveFault; what the driver throws.
 */
export async function archiveMonth(
  { month, epoch, reason }: ArchiveStep,
  settings: ArchiveSettings,
  context: JobContext,
): Promise<MonthArchive> {
  const { database, progress, checkpoint, signal, now } = context;
  const { archive } = settings;
  const note = (step: string, what: string) => ({ step, what, reason });
  const copying = note('copying', `copy ${month} into the archive`);
  const read = { monthYear: month, epoch };
  const claimed = await ClaimedMonth.claim<CopyMemo>(context, read, archiveJob, copying);
  await checkpoint('archive-months:claimed');
  const { entry } = claimed;
  const stands = await findMonthCollection(database, month);
  if (stands.kind !== 'collection') throw new JobFailed(`${month} is SEALED and has no collection`);
  if (entry.collectionUUID && !entry.collectionUUID.toUUID().equals(stands.uuid.toUUID())) {
    throw new JobFailed(`another collection than the one that was created stands where ${month} was`);
  }
  await claimed.step(copying, { collectionUUID: stands.uuid });

  const folder = claimFolder(month, entry.epoch);
  const expected = expectedRecords(entry.counts);
  let memo: CopyMemo = { dictionary: null, segments: [] };
  await progress.during(`copying ${month}`, async (report) => {
    const { segmentBytes } = settings;
    const source = collectionSource(database, month, signal);
    const task = { source, month, archive, folder, expected, report };
    const sized = segmentBytes === undefined ? task : { ...task, segmentBytes };
    for await (memo of copyMonth(sized, begunOf(claimed.memo))) {
      await claimed.step({ ...copying, memo });
      await checkpoint('archive-months:segment');
    }
  });

  await claimed.step(note('verifying', `read the copy of ${month} back and compare it with the collection`));
  await checkpoint('archive-months:verifying');
  const manifest: ArchiveManifest = {
    format: 'parlance-archive',
    formatVersion: 1,
    month,
    manifestVersion: (entry.archive?.manifestVersion ?? 0) + 1,
    createdAt: new Date(await now()).toISOString(),
    foldedThrough: entry.foldedThrough?.toISOString() ?? null,
    ...memo,
  };
  await progress.during(`verifying ${month}`, (report) =>
    verifyCopy({ database, archive, manifest, counts: entry.counts, signal, report }),
  );
  await checkpoint('archive-months:verified');
  const stored = await storeManifest(manifest, folder, archive);
  await checkpoint('archive-months:manifest');

  await claimed.step(note('flipping', `send the readers of ${month} to the archive`));
  await removeOthers(manifest, stored.manifest, entry.epoch, archive);
  const flippedAt = await now();
  const result: MonthArchive = {
    ...stored,
    flippedAt: new Date(flippedAt),
    deleteFrom: new Date(flippedAt + settings.graceMs),
  };
  await checkpoint('archive-months:flipping');
  await claimed.release({ state: 'ARCHIVED', tier: 'archive', verifiedAt: new Date(flippedAt), archive: result });
  await checkpoint('archive-months:flipped');
  return result;
}

function begunOf({ dictionary, segments }: Partial<CopyMemo>): CopyMemo | undefined {
  return segments && { dictionary: dictionary ?? null, segments };
}

function expectedRecords(
  counts: { readonly messages: Long; readonly rooms: Long; readonly voids: Long } | undefined,
): number {
  return counts ? Number(counts.messages) + Number(counts.rooms) + Number(counts.voids) : 0;
}
