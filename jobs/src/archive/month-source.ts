import {
  type ArchiveWalk,
  type ChatDatabase,
  compareSlots,
  type MonthYear,
  type SlotDocument,
  type SlotPosition,
} from '@parlance/storage';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import { monthBatches } from './month-records.js';

const recordsAtATime = 250;

/** A dictionary learns from the beginning of an archive, so that nobody reads all of it twice. */
const sampledRecords = 40_000;

/** Where the records of a month are copied from. */
export interface MonthSource {
  /** All records in the order of an archive, or those behind a position. */
  batches(behind?: SlotPosition): AsyncIterable<readonly SlotDocument[]>;
  /** Some of them, as many as are asked for or fewer; a dictionary is made of them. */
  sample(size: number): AsyncIterable<SlotDocument>;
}

/** The collection of a month, read at majority from the primaries. */
export function collectionSource(database: ChatDatabase, month: MonthYear, signal: AbortSignal): MonthSource {
  return {
    batches: (behind) => monthBatches(database, month, signal, behind),
    sample: (size) =>
      rowsOf(
        database
          .messages(month)
          .aggregate<SlotDocument>([{ $sample: { size } }], { ...longRead, promoteValues: false }),
        signal,
      ),
  };
}

/** An archive of the month, each record as `change` gives it. What it gives was compared with its hashes. */
export function archiveSource(
  walk: ArchiveWalk,
  change: (record: SlotDocument) => SlotDocument,
  signal: AbortSignal,
): MonthSource {
  async function* batches(behind?: SlotPosition): AsyncGenerator<readonly SlotDocument[]> {
    for (const segment of walk.manifest.segments) {
      if (behind && compareSlots(segment.last, behind) <= 0) continue;
      let batch: SlotDocument[] = [];
      for await (const record of walk.records(segment)) {
        if (behind && compareSlots(positionOf(record), behind) <= 0) continue;
        batch.push(change(record));
        if (batch.length < recordsAtATime) continue;
        signal.throwIfAborted();
        yield batch;
        batch = [];
      }
      yield batch;
    }
  }
  async function* sample(size: number): AsyncGenerator<SlotDocument> {
    const total = walk.manifest.segments.reduce((sum, { records }) => sum + records, 0);
    const step = Math.max(1, Math.floor(Math.min(total, sampledRecords) / size));
    let [at, taken] = [0, 0];
    for await (const batch of batches()) {
      for (const record of batch) {
        if (at++ % step !== 0) continue;
        yield record;
        if (++taken >= size) return;
      }
    }
  }
  return { batches, sample };
}

function positionOf({ roomId, messageId }: SlotDocument): SlotPosition {
  return { roomId, messageId: Number(messageId) };
}
