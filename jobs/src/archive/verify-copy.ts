import {
  type ArchiveManifest,
  ArchiveWalk,
  type ChatDatabase,
  type MonthCounts,
  type SegmentEntry,
} from '@parlance/storage';
import { JobFailed } from '../job-failed.js';
import type { ProgressState } from '../progress/render-progress.js';
import { compareMonth } from './compare-month.js';
import type { OpenArchive } from './open-archive.js';

/** What is compared. */
export interface VerifyTask {
  readonly database: ChatDatabase;
  readonly archive: OpenArchive;
  readonly manifest: ArchiveManifest;
  /** What was counted when the month was sealed. */
  readonly counts: MonthCounts | undefined;
  readonly signal: AbortSignal;
  report(state: ProgressState): void;
}

/**
 * Reads every byte of a copy back from the store, then every record of the month from the primaries, and compares: both have
 * to give the hashes of the manifest, no record more and none less, as many as were sealed, without a hole.
 * @throws JobFailed with what differs; ArchiveFault; what the driver throws.
 */
export async function verifyCopy(task: VerifyTask): Promise<void> {
  await compareStored(task);
  await compareMonth(task);
  compareCounts(task);
}

/** Every object is as the manifest tells. */
export async function compareStored({ archive, manifest, signal, report }: VerifyTask): Promise<void> {
  const walk = new ArchiveWalk(manifest, archive.store, archive.keys);
  const total = manifest.segments.length;
  let done = 0;
  report({ done, total, unit: 'segments read back' });
  for await (const checked of walk.check()) {
    signal.throwIfAborted();
    if (checked.fault) throw checked.fault;
    report({ done: ++done, total, unit: 'segments read back' });
  }
}

function compareCounts({ manifest: { month, segments }, counts }: VerifyTask): void {
  const sum = (name: 'messages' | 'seals' | 'voids' | 'holes'): number =>
    segments.reduce((all, segment) => all + segment[name], 0);
  const holes = sum('holes') + segments.filter((segment, index) => isHoleBefore(segment, segments[index - 1])).length;
  if (holes > 0) throw new JobFailed(`${month} has ${holes} holes: jobs audit closes them`);
  if (!counts) return;
  for (const [name, found, sealed] of [
    ['messages', sum('messages'), Number(counts.messages)],
    ['seals', sum('seals'), Number(counts.rooms)],
    ['voids', sum('voids'), Number(counts.voids)],
  ] as const) {
    if (found !== sealed) throw new JobFailed(`${month} has ${found} ${name}, and had ${sealed} when it was sealed`);
  }
}

function isHoleBefore({ first }: SegmentEntry, before: SegmentEntry | undefined): boolean {
  return before?.last.roomId === first.roomId && before.last.messageId + 1 !== first.messageId;
}
