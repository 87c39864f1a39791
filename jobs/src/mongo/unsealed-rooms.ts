import {
  type ChatDatabase,
  type LastSlotDocument,
  lastSlots,
  type MonthYear,
  type SegmentEnd,
  startOfMonth,
} from '@parlance/storage';
import { gathering, longRead, rowsOf } from './rows-of.js';

/** Rooms that are looked up together. */
const roomsAtATime = 500;

/**
 * The ends of those rooms that have the month as a segment and no seal at its end: rooms with records in it, then rooms
 * whose last segment it is though nothing was said there. It may name a room that is sealed meanwhile, and holds no more
 * than a batch in memory.
 */
export async function* unsealedRooms(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
): AsyncGenerator<SegmentEnd> {
  const unsealed = [...lastSlots(month), { $match: { kind: { $ne: 'seal' } } }];
  const ends = database.messages(month).aggregate<LastSlotDocument>(unsealed, longRead);
  for await (const last of rowsOf(ends, signal, gathering)) {
    yield { roomId: last._id, monthYear: month, head: Number(last.messageId), timestamp: last.timestamp.getTime() };
  }
  for await (const rooms of roomsEndingIn(database, month, signal)) {
    const withRecords = new Set<string>();
    const ids = [...rooms.keys()];
    const found = database.messages(month).aggregate<LastSlotDocument>(lastSlots(month, ids), longRead);
    for await (const { _id } of rowsOf(found, signal)) withRecords.add(_id);
    for (const [roomId, firstId] of rooms) {
      if (withRecords.has(roomId)) continue;
      yield { roomId, monthYear: month, head: firstId - 1, timestamp: startOfMonth(month) };
    }
  }
}

/** Rooms whose chain ends in a month, with the first id of that segment, a batch at a time. */
async function* roomsEndingIn(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
): AsyncGenerator<ReadonlyMap<string, number>> {
  const found = database.rooms.find(
    { $expr: { $eq: [{ $last: '$segments.monthYear' }, month] } },
    { ...longRead, projection: { roomId: 1, segments: { $slice: -1 } } },
  );
  let batch = new Map<string, number>();
  for await (const { roomId, segments } of rowsOf(found, signal)) {
    batch.set(roomId, Number(segments[0]?.firstId));
    if (batch.size < roomsAtATime) continue;
    yield batch;
    batch = new Map();
  }
  if (batch.size > 0) yield batch;
}
