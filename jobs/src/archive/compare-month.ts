import {
  type ArchiveManifest,
  type ChatDatabase,
  ContentTally,
  canonicalLine,
  compareSlots,
  type SegmentContent,
  type SegmentEntry,
} from '@parlance/storage';
import { JobFailed } from '../job-failed.js';
import type { ProgressState } from '../progress/render-progress.js';
import { monthBatches } from './month-records.js';

/** A collection, and the copy that it is compared with. */
export interface ComparedMonth {
  readonly database: ChatDatabase;
  readonly manifest: ArchiveManifest;
  readonly signal: AbortSignal;
  report(state: ProgressState): void;
}

/**
 * Reads every record of a month from the primaries and compares: each segment's part has to give the counts and hashes of the
 * manifest, and there may be nothing beside them.
 * @throws JobFailed with what differs; what the driver throws.
 */
export async function compareMonth({ database, manifest, signal, report }: ComparedMonth): Promise<void> {
  const { month, segments } = manifest;
  const total = segments.reduce((sum, { records }) => sum + records, 0);
  let index = 0;
  let done = 0;
  let tally = new ContentTally();
  for await (const batch of monthBatches(database, month, signal)) {
    for (const record of batch) {
      const segment = segments[index];
      if (!segment) throw new JobFailed(`${month} has records behind those of its copy`);
      const position = tally.add(record);
      tally.hash(`${canonicalLine(record)}\n`);
      if (compareSlots(position, segment.last) < 0) continue;
      compareContent(month, segment, tally.end());
      tally = new ContentTally();
      index++;
    }
    report({ done: (done += batch.length), total, unit: 'records compared' });
  }
  if (index < segments.length) throw new JobFailed(`${month} has fewer records than its copy`);
}

function compareContent(month: string, segment: SegmentEntry, found: SegmentContent): void {
  for (const [name, value] of Object.entries(found)) {
    const told: unknown = segment[name as keyof SegmentContent];
    if (JSON.stringify(told) === JSON.stringify(value)) continue;
    const text = `${name} is ${JSON.stringify(value)} in the collection, ${JSON.stringify(told)} in the copy`;
    throw new JobFailed(`${month} differs from ${segment.key}: ${text}`);
  }
}
