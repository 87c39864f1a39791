import type { AggregateOptions, Document, Long } from 'mongodb';
import type { ChatDatabase } from '../database/chat-database.js';
import { isSharded } from '../database/is-sharded.js';
import { type MonthYear, messageCollectionName } from '../documents/month.js';

/** The oldest slot of a room in a month. */
export interface FirstSlotDocument {
  /** The room id. */
  readonly _id: string;
  readonly messageId: Long;
}

/**
 * The oldest slots of named rooms in a month; rooms without any there are missing. One command, and a key a room. On a
 * cluster the rooms have to stand in `rooms`.
 */
export async function readFirstSlots(
  database: ChatDatabase,
  month: MonthYear,
  roomIds: readonly string[],
  options: AggregateOptions,
): Promise<FirstSlotDocument[]> {
  const found = (await isSharded(database))
    ? database.rooms.aggregate<FirstSlotDocument>(firstSlotsByRoom(month, roomIds), options)
    : database.messages(month).aggregate<FirstSlotDocument>(firstSlots(month, roomIds), options);
  return found.toArray();
}

/**
 * The stages that give the oldest slot of each room in a month, as {@link FirstSlotDocument}. Ascending with `$first`: on a
 * replica set the server skips from room to room in the `slot` index (`DISTINCT_SCAN`) and reads no document.
 */
export function firstSlots(month: MonthYear, roomIds?: readonly string[]): Document[] {
  return [
    { $match: { monthYear: month, ...(roomIds ? { roomId: { $in: roomIds } } : {}) } },
    { $sort: { monthYear: 1, roomId: 1, messageId: 1 } },
    { $group: { _id: '$roomId', messageId: { $first: '$messageId' } } },
  ];
}

/** The same for named rooms as stages over `rooms`, for a cluster: see `lastSlotsByRoom`. */
function firstSlotsByRoom(month: MonthYear, roomIds: readonly string[]): Document[] {
  const oldest = [
    { $match: { monthYear: month } },
    { $sort: { messageId: 1 } },
    { $limit: 1 },
    { $project: { messageId: 1 } },
  ];
  const from = messageCollectionName(month);
  return [
    { $match: { roomId: { $in: roomIds } } },
    { $project: { roomId: 1 } },
    { $lookup: { from, localField: 'roomId', foreignField: 'roomId', pipeline: oldest, as: 'first' } },
    { $unwind: '$first' },
    { $project: { _id: '$roomId', messageId: '$first.messageId' } },
  ];
}
