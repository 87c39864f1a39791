import type { ChatDatabase, MonthYear, SlotDocument, SlotPosition } from '@parlance/storage';
import { Long } from 'mongodb';
import { batchesOf, longRead } from '../mongo/rows-of.js';

/**
 * All records of a month in the order of an archive; read at majority from the primaries, with the types they have. The `slot` index has this order.
 */
export async function* monthRecords(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
): AsyncGenerator<SlotDocument> {
  for await (const batch of monthBatches(database, month, signal)) yield* batch;
}

/** The same in batches, behind a position or from the first record on. */
export async function* monthBatches(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
  behind?: SlotPosition,
): AsyncGenerator<readonly SlotDocument[]> {
  if (behind) {
    const { roomId, messageId } = behind;
    yield* find(database, month, signal, { roomId, messageId: { $gt: Long.fromNumber(messageId) } });
    yield* find(database, month, signal, { roomId: { $gt: roomId } });
  } else {
    yield* find(database, month, signal, {});
  }
}

function find(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
  filter: Record<string, unknown>,
): AsyncGenerator<readonly SlotDocument[]> {
  const found = database
    .messages(month)
    .find({ ...filter, monthYear: month }, { ...longRead, promoteValues: false, batchSize: 250 })
    .sort({ monthYear: 1, roomId: 1, messageId: 1 });
  return batchesOf(found, signal);
}
