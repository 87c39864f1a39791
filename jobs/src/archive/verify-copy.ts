import {
  type ArchiveManifest,
  ArchiveWalk,
  type ChatDatabase,
  ContentTally,
  canonicalLine,
  compareSlots,
  type MonthCounts,
  type SegmentContent,
  type SegmentEntry,
} from '@parlance/storage';
import { JobFailed } from '../job-failed.js';
import { monthRecords } from '../mongo/month-records.js';
import type { ProgressState } from '../progress/render-progress.js';
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
 * to give the hashes of the manifest, no record more and none less, as many as were sealed, without a hole. Errors: JobFailed
 * with what differs; ArchiveFault; what the driver throws.
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

/** The collection gives what each segment tells, and nothing beside it. */
async function compareMonth({ database, manifest, signal, report }: VerifyTask): Promise<void> {
  const { month, segments } = manifest;
  const total = segments.reduce((sum, { records }) => sum + records, 0);
  let index = 0;
  let done = 0;
  let tally = new ContentTally();
  for await (const record of monthRecords(database, month, signal)) {
    const segment = segments[index];
    if (!segment) throw new JobFailed(`${month} has records behind those that were copied: it changed meanwhile`);
    const position = tally.add(record);
    tally.hash(`${canonicalLine(record)}\n`);
    if (++done % 1_000 === 0) report({ done, total, unit: 'records compared' });
    if (compareSlots(position, segment.last) < 0) continue;
    compareContent(month, segment, tally.end());
    tally = new ContentTally();
    index++;
  }
  if (index < segments.length) throw new JobFailed(`${month} has fewer records than were copied: it changed meanwhile`);
}

function compareContent(month: string, segment: SegmentEntry, found: SegmentContent): void {
  for (const [name, value] of Object.entries(found)) {
    const told: unknown = segment[name as keyof SegmentContent];
    if (JSON.stringify(told) === JSON.stringify(value)) continue;
    const text = `${name} is ${JSON.stringify(value)} in the collection, ${JSON.stringify(told)} in the copy`;
    throw new JobFailed(`${month} differs from ${segment.key}: ${text}`);
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
