import {
  type ArchiveManifest,
  decodeManifest,
  encodeManifest,
  type MonthArchive,
  type SegmentEntry,
} from '@parlance/storage';
import { Long } from 'mongodb';
import { JobFailed } from '../job-failed.js';
import { ClaimedMonth } from '../mongo/claimed-month.js';
import { findMonthCollection } from '../mongo/month-collection.js';
import type { JobSurroundings } from '../surroundings.js';
import { claimFolder, monthFolder } from './archive-objects.js';
import { type CopyMemo, copyMonth } from './copy-month.js';
import type { OpenArchive } from './open-archive.js';
import { type ArchiveStep, archiveJob } from './plan-archive-months.js';
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
 * on behind the last segment. Errors: JobFailed; ArchiveFault; what the driver throws.
 */
export async function archiveMonth(
  { month, epoch, reason }: ArchiveStep,
  settings: ArchiveSettings,
  surroundings: JobSurroundings,
): Promise<MonthArchive> {
  const { database, progress, checkpoint, signal, now } = surroundings;
  const { archive } = settings;
  const note = (step: string, what: string) => ({ step, what, reason });
  const copying = note('copying', `copy ${month} into the archive`);
  const read = { monthYear: month, epoch };
  const claimed = await ClaimedMonth.claim<CopyMemo>(surroundings, read, archiveJob, copying);
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
    const task = { database, month, archive, folder, expected, signal, report };
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
  const { key, rootHash, bytes } = await writeManifest(manifest, folder, archive);
  await checkpoint('archive-months:manifest');

  await claimed.step(note('flipping', `send the readers of ${month} to the archive`));
  await removeOthers(manifest, key, archive);
  const flippedAt = await now();
  const result: MonthArchive = {
    manifest: key,
    manifestVersion: manifest.manifestVersion,
    rootHash,
    messages: Long.fromNumber(sum(manifest.segments, 'messages')),
    bytes: Long.fromNumber(sum(manifest.segments, 'bytes') + (manifest.dictionary?.bytes ?? 0) + bytes),
    flippedAt: new Date(flippedAt),
    deleteFrom: new Date(flippedAt + settings.graceMs),
  };
  await checkpoint('archive-months:flipping');
  await claimed.release({ state: 'ARCHIVED', tier: 'archive', verifiedAt: new Date(flippedAt), archive: result });
  await checkpoint('archive-months:flipped');
  return result;
}

/** Stores a manifest and reads it back. */
async function writeManifest(
  manifest: ArchiveManifest,
  folder: string,
  { store, keys }: OpenArchive,
): Promise<{ readonly key: string; readonly rootHash: string; readonly bytes: number }> {
  const key = `${folder}manifest`;
  const { bytes, rootHash } = encodeManifest(manifest, keys);
  await store.put(key, bytes);
  decodeManifest(await store.get(key), keys, key, rootHash);
  return { key, rootHash, bytes: bytes.length };
}

/** Removes what stopped runs have left of the month, and a copy that this one replaces. */
async function removeOthers(manifest: ArchiveManifest, key: string, { store }: OpenArchive): Promise<void> {
  const own = new Set([key, manifest.dictionary?.key, ...manifest.segments.map((segment) => segment.key)]);
  for await (const object of store.list(monthFolder(manifest.month))) {
    if (!own.has(object.key)) await store.delete(object.key);
  }
}

function begunOf({ dictionary, segments }: Partial<CopyMemo>): CopyMemo | undefined {
  return segments && { dictionary: dictionary ?? null, segments };
}

function expectedRecords(
  counts: { readonly messages: Long; readonly rooms: Long; readonly voids: Long } | undefined,
): number {
  return counts ? Number(counts.messages) + Number(counts.rooms) + Number(counts.voids) : 0;
}

function sum(segments: readonly SegmentEntry[], name: 'messages' | 'bytes'): number {
  return segments.reduce((all, segment) => all + segment[name], 0);
}
