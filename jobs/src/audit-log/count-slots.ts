import { type ChatDatabase, type MonthYear, majority, placeOfMonth } from '@parlance/storage';
import type { Long } from 'mongodb';
import { gathering, longRead, rowsOf } from '../mongo/rows-of.js';
import { type Hole, runsMissing } from './log-faults.js';

/** Number of records by month as the servers keep it, without reading one. It is wrong after a server crashed, and counts what a move has left. */
export async function keptCounts(database: ChatDatabase): Promise<ReadonlyMap<MonthYear, number>> {
  const months = await database.months.find({}, majority(30_000)).toArray();
  const counts = new Map<MonthYear, number>();
  for (const entry of months) {
    if (placeOfMonth(entry) !== 'collection') continue;
    counts.set(entry.monthYear, await database.messages(entry.monthYear).estimatedDocumentCount(majority(30_000)));
  }
  return counts;
}

/** What a room has in a month, counted. */
export interface CountedRoom {
  readonly roomId: string;
  readonly slots: number;
  readonly firstId: number;
  readonly lastId: number;
}

/** Counts the slots of all rooms of a month: an index key a slot, and no message. */
export async function* countedRooms(
  database: ChatDatabase,
  month: MonthYear,
  signal: AbortSignal,
): AsyncGenerator<CountedRoom> {
  const groups = database.messages(month).aggregate<{ _id: string; slots: number; first: Long; last: Long }>(
    [
      { $match: { monthYear: month } },
      {
        $group: {
          _id: '$roomId',
          slots: { $sum: 1 },
          first: { $min: '$messageId' },
          last: { $max: '$messageId' },
        },
      },
    ],
    { ...longRead, hint: 'slot' },
  );
  for await (const { _id, slots, first, last } of rowsOf(groups, signal, gathering)) {
    yield { roomId: _id, slots, firstId: Number(first), lastId: Number(last) };
  }
}

/** The holes between the ends of a room in a month. Reads an index key a slot. */
export async function readHoles(
  database: ChatDatabase,
  month: MonthYear,
  { roomId, firstId, lastId }: Omit<CountedRoom, 'slots'>,
  signal: AbortSignal,
): Promise<readonly Hole[]> {
  const standing: number[] = [];
  const found = database.messages(month).find(
    { monthYear: month, roomId },
    {
      ...longRead,
      projection: { _id: 0, messageId: 1 },
      sort: { monthYear: 1, roomId: 1, messageId: 1 },
      hint: 'slot',
    },
  );
  for await (const { messageId } of rowsOf(found, signal)) standing.push(Number(messageId));
  return runsMissing(standing, firstId, lastId).map(([fromId, toId]) => ({
    kind: 'hole',
    monthYear: month,
    fromId,
    toId,
    isSealed: false,
  }));
}
