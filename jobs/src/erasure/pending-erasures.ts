import { hasClientMessageId, type MonthDocument, type MonthYear, type RoomDocument } from '@parlance/storage';
import { Long } from 'mongodb';
import type { PendingErasure } from '../fold/plan-fold-events.js';
import type { JobContext } from '../job-context.js';
import { longRead, rowsOf } from '../mongo/rows-of.js';

/**
 * How much further back than `foldedThrough` is looked, milliseconds: an erasure is noted with a time from right before, and
 * the note may come late.
 */
const overlapMs = 3_600_000;

/** Erasures that closed months may not have in their records yet, by month. Reads every room that has one, once. */
export async function pendingErasures(
  months: readonly Pick<MonthDocument, 'monthYear' | 'foldedThrough'>[],
  { database, signal, progress }: Pick<JobContext, 'database' | 'signal' | 'progress'>,
): Promise<ReadonlyMap<MonthYear, readonly PendingErasure[]>> {
  const since = new Map(
    months.map(({ monthYear, foldedThrough }) => [monthYear, (foldedThrough?.getTime() ?? 0) - overlapMs] as const),
  );
  const pending = new Map<MonthYear, PendingErasure[]>(months.map(({ monthYear }) => [monthYear, []]));
  const projection = { roomId: 1, erasures: 1, 'segments.monthYear': 1, 'segments.firstId': 1, policy: 1 } as const;
  const found = database.rooms.find<ErasedRoomDocument>(
    { 'erasures.0': { $exists: true } },
    { ...longRead, projection },
  );
  await progress.during('looking for erasures', async (tell) => {
    let done = 0;
    for await (const room of rowsOf(found, signal)) {
      tell({ done: ++done, unit: 'rooms' });
      for (const { monthYear, firstId } of room.segments) {
        const from = since.get(monthYear);
        if (from === undefined) continue;
        pending.get(monthYear)?.push(...erasuresOf(room, Number(firstId), from));
      }
    }
  });
  return pending;
}

type ErasedRoomDocument = Pick<RoomDocument, 'roomId' | 'erasures' | 'segments' | 'policy'>;

function erasuresOf({ roomId, erasures = [], policy }: ErasedRoomDocument, firstId: number, from: number) {
  return erasures
    .filter(({ at, upTo }) => at.getTime() >= from && Number(upTo) >= firstId)
    .map(({ userId, upTo, at }): PendingErasure => {
      return { roomId, userId, upTo: Number(upTo), at: at.getTime(), hold: policy?.legalHold };
    });
}

/** Conditions of one command. */
const erasuresAtATime = 100;

/** Messages that erasures would empty in the collection of a month. */
export async function countInCollection(
  month: MonthYear,
  erasures: readonly PendingErasure[],
  { database, signal }: Pick<JobContext, 'database' | 'signal'>,
): Promise<number> {
  let messages = 0;
  for (let from = 0; from < erasures.length; from += erasuresAtATime) {
    const some = erasures.slice(from, from + erasuresAtATime).map(({ roomId, userId, upTo }) => ({
      monthYear: month,
      roomId,
      senderId: userId,
      ...hasClientMessageId,
      messageId: { $lte: Long.fromNumber(upTo) },
    }));
    const counts = database
      .messages(month)
      .aggregate<{ messages: number }>(
        [{ $match: { $or: some, erasedAt: { $exists: false } } }, { $group: { _id: null, messages: { $sum: 1 } } }],
        longRead,
      );
    for await (const counted of rowsOf(counts, signal)) messages += counted.messages;
  }
  return messages;
}
