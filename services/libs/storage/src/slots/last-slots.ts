import type { AggregateOptions, Document, Long } from 'mongodb';
import type { ChatDatabase } from '../database/chat-database.js';
import { isSharded } from '../database/is-sharded.js';
import { type MonthYear, messageCollectionName } from '../documents/month.js';

/** What a room's newest slot in a month tells of its end there. */
export interface LastSlotDocument {
  /** The room id. */
  readonly _id: string;
  /** Null for a message. */
  readonly kind: 'seal' | 'void' | null;
  readonly messageId: Long;
  readonly timestamp: Date;
}

/**
 * The newest slots of named rooms in a month, seals included; rooms without any there are missing. One command, and a key a
 * room. On a cluster the rooms have to stand in `rooms`.
 */
export async function readLastSlots(
  database: ChatDatabase,
  month: MonthYear,
  roomIds: readonly string[],
  options: AggregateOptions,
): Promise<LastSlotDocument[]> {
  const found = (await isSharded(database))
    ? database.rooms.aggregate<LastSlotDocument>(lastSlotsByRoom(month, roomIds), options)
    : database.messages(month).aggregate<LastSlotDocument>(lastSlots(month, roomIds), options);
  return found.toArray();
}

/**
 * The stages that give the newest slot of each room in a month, seals included, as {@link LastSlotDocument}; of all rooms,
 * or of those named that have any. On a replica set the server skips from room to room in the `slot` index
 * (`DISTINCT_SCAN`), so it costs a key a room and not one a message. On a cluster it reads every key.
 */
export function lastSlots(month: MonthYear, roomIds?: readonly string[]): Document[] {
  return [
    { $match: { monthYear: month, ...(roomIds ? { roomId: { $in: roomIds } } : {}) } },
    { $sort: { monthYear: -1, roomId: -1, messageId: -1 } },
    {
      $group: {
        _id: '$roomId',
        kind: { $first: '$kind' },
        messageId: { $first: '$messageId' },
        timestamp: { $first: '$timestamp' },
      },
    },
  ];
}

/**
 * The same for named rooms as stages over `rooms`, for a cluster: a shard leaves out what has moved away while it scans, so
 * before MongoDB 8 it skips nothing, and {@link lastSlots} would read a month's every key of these rooms. This looks up each
 * room by the `slot` index on the one shard that has its month.
 */
function lastSlotsByRoom(month: MonthYear, roomIds: readonly string[]): Document[] {
  const newest = [
    { $match: { monthYear: month } },
    { $sort: { messageId: -1 } },
    { $limit: 1 },
    { $project: { kind: 1, messageId: 1, timestamp: 1 } },
  ];
  const from = messageCollectionName(month);
  return [
    { $match: { roomId: { $in: roomIds } } },
    { $project: { roomId: 1 } },
    { $lookup: { from, localField: 'roomId', foreignField: 'roomId', pipeline: newest, as: 'last' } },
    { $unwind: '$last' },
    {
      $project: {
        _id: '$roomId',
        kind: { $ifNull: ['$last.kind', null] },
        messageId: '$last.messageId',
        timestamp: '$last.timestamp',
      },
    },
  ];
}
