import { durable, hasClientMessageId, inTime, type MonthYear, tombstoneUpdate } from '@parlance/storage';
import { Long } from 'mongodb';
import type { JobContext } from '../job-context.js';
import { inBatches } from '../mongo/in-batches.js';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import type { ClaimedMonth } from '../months/claimed-month.js';
import { EmptyingRooms } from './emptying-rooms.js';
import { type Fold, type Folds, keptName } from './fold.js';

/** What is emptied, and who is told. */
export interface EmptyTask {
  readonly claimed: ClaimedMonth<object>;
  readonly folds: Folds;
  readonly context: JobContext;
  /** Called after each command, with the documents that it emptied. */
  emptied(messages: number): Promise<void>;
}

/** Documents that one command empties. */
const batchSize = 500;

/** Rooms whose right is asked for together. */
const roomsAtATime = 100;

/**
 * Empties messages of a month that is read in its collection. A hold that is set meanwhile stops it for its room before it is
 * answered: each command carries the time until which it may empty. Answers the rooms that it has left, by the names of the
 * holds on them. May be stopped anywhere and done again: what is empty is not met again.
 * @throws JobFailed; what the driver throws.
 */
export async function emptyCollection(task: EmptyTask): Promise<ReadonlyMap<string, string>> {
  const { folds, context } = task;
  const held = new Map<string, string>();
  for (let from = 0; from < folds.all.length; from += roomsAtATime) {
    const some = folds.all.slice(from, from + roomsAtATime);
    const rooms = new EmptyingRooms([...new Set(some.map(({ roomId }) => roomId))], context);
    await rooms.begin();
    for (const fold of some) while ((await emptyFold(task, fold, rooms)) === 'late') await rooms.begin();
    await rooms.end();
    for (const [roomId, name] of rooms.held) held.set(roomId, name);
  }
  return held;
}

/** Answers `late` when some of it came too late to count and has to be done again. */
async function emptyFold(task: EmptyTask, fold: Fold, rooms: EmptyingRooms): Promise<'done' | 'late'> {
  const { claimed, emptied, context } = task;
  let isLate = false;
  for await (const batch of batches(claimed.month, fold, context)) {
    await claimed.hold();
    await rooms.renew();
    if (rooms.held.has(fold.roomId)) return 'done';
    const done = await empty(claimed.month, fold, batch, rooms.until, context);
    if (done < batch.length) isLate = true;
    await emptied(done);
  }
  return isLate ? 'late' : 'done';
}

interface Name {
  readonly messageId: Long;
  readonly senderId: string;
  readonly clientMessageId?: string;
}

async function* batches(
  month: MonthYear,
  fold: Fold,
  { database, signal }: JobContext,
): AsyncGenerator<readonly Name[]> {
  const { roomId, userId, upTo } = fold;
  const filter = {
    monthYear: month,
    roomId,
    messageId: { $lte: Long.fromNumber(upTo) },
    kind: { $exists: false },
    erasedAt: { $exists: false },
    // The index by names leads to one sender's messages.
    ...(userId !== undefined && { senderId: userId, ...hasClientMessageId }),
  };
  const found = database
    .messages(month)
    .find<Name>(filter as never, { ...longRead, projection: { messageId: 1, senderId: 1, clientMessageId: 1 } });
  yield* inBatches(rowsOf(found, signal), batchSize);
}

async function empty(
  month: MonthYear,
  fold: Fold,
  batch: readonly Name[],
  until: Date,
  { database, now }: JobContext,
): Promise<number> {
  const at = new Date(await now());
  const { roomId } = fold;
  const { matchedCount } = await database.messages(month).bulkWrite(
    batch.map((name) => ({
      updateOne: {
        filter: { monthYear: month, roomId, messageId: name.messageId, ...inTime(until) },
        update: tombstoneUpdate(at, keptName({ roomId, ...name }, fold)) as never,
      },
    })),
    { ...durable(), ordered: false },
  );
  return matchedCount;
}
