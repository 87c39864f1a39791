import {
  type ChatDatabase,
  isSharded,
  type LastSlotDocument,
  lastSlots,
  type MonthYear,
  majority,
  type RoomDocument,
  readLastSlots,
  type SegmentEnd,
  startOfMonth,
} from '@parlance/storage';
import type { Filter } from 'mongodb';
import { inBatches } from '../mongo/in-batches.js';
import { gathering, longRead, rowsOf } from '../mongo/rows-of.js';

/** Rooms that are looked up together. */
const roomsAtATime = 500;

/**
 * The ends of those rooms that have the month as a segment and no seal at its end: rooms with records in it, then rooms
 * whose last segment it is though nothing was said there. It may name a room that is sealed meanwhile, and holds no more
 * than a batch in memory. It reads a slot a room: of a replica set from the month itself, of a cluster, where the servers
 * would read the whole month for that, by the rooms that name the month.
 */
export async function* unsealedRooms(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
): AsyncGenerator<SegmentEnd> {
  const sharded = await isSharded(database);
  if (!sharded) yield* unsealedSlots(database, month, signal);
  const ending = { $expr: { $eq: [{ $last: '$segments.monthYear' }, month] } };
  const rooms = chainsOf(database, sharded ? { 'segments.monthYear': month } : ending, signal);
  for await (const batch of rooms) {
    const found = await readLastSlots(database, month, [...batch.keys()], majority(60_000));
    const last = new Map(found.map((slot) => [slot._id, slot]));
    for (const [roomId, segments] of batch) {
      const slot = last.get(roomId);
      const end = segments.at(-1);
      if (slot && sharded && slot.kind !== 'seal') yield endOf(slot, month);
      if (slot || end?.monthYear !== month) continue;
      yield { roomId, monthYear: month, head: Number(end.firstId) - 1, timestamp: startOfMonth(month) };
    }
  }
}

/** The ends of all rooms that have records in the month and no seal, by the records alone. */
async function* unsealedSlots(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
): AsyncGenerator<SegmentEnd> {
  const unsealed = [...lastSlots(month), { $match: { kind: { $ne: 'seal' } } }];
  const ends = database.messages(month).aggregate<LastSlotDocument>(unsealed, longRead);
  for await (const last of rowsOf(ends, signal, gathering)) yield endOf(last, month);
}

function endOf({ _id, messageId, timestamp }: LastSlotDocument, month: MonthYear): SegmentEnd {
  return { roomId: _id, monthYear: month, head: Number(messageId), timestamp: timestamp.getTime() };
}

type Chains = ReadonlyMap<string, RoomDocument['segments']>;

/** The chains of rooms by their id, a batch at a time. */
async function* chainsOf(
  database: ChatDatabase,
  filter: Filter<RoomDocument>,
  signal: AbortSignal,
): AsyncGenerator<Chains> {
  const found = database.rooms.find(filter, { ...longRead, projection: { roomId: 1, segments: 1 } });
  for await (const batch of inBatches(rowsOf(found, signal), roomsAtATime))
    yield new Map(batch.map(({ roomId, segments }) => [roomId, segments]));
}
