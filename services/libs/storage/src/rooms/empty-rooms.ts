import type { ChatDatabase } from '../database/chat-database.js';
import { durable, majority } from '../database/command-options.js';

/** What a run may empty, and until when. */
export interface EmptyingRight {
  /** Rooms that it may not empty, by the names of the holds on them. */
  readonly held: ReadonlyMap<string, string>;
  /** Every write that empties has to carry {@link inTime} of this: it does nothing later. MongoDB's clock. */
  readonly until: Date;
}

/** A time that never comes. */
const latest = new Date(8.64e15);

/**
 * How long after its end a right may still have an effect, milliseconds: the clocks of two servers may be 2 s apart
 * (R6: a month ends with its seal), and a command that began in time may last 3 s (`durable`).
 */
const echoMs = 5_000;

/**
 * Gives a run the right to empty messages of rooms for some time, in the document that a hold is set in: a room has either a
 * hold or somebody who empties it, and whichever came second sees the other. Who sets a hold meanwhile waits until the right
 * is over, so nothing is emptied that was there when the hold was answered. Asked again it gives the right for longer. What
 * is left of the right of a run that has died is waited for as well. One command for all rooms, and one to read what came of
 * it. Rejects when MongoDB does not answer.
 */
export async function beginEmptying(
  database: ChatDatabase,
  roomIds: readonly string[],
  run: string,
  forMs: number,
): Promise<EmptyingRight> {
  const isOwn = { $eq: ['$emptying.run', { $literal: run }] };
  const others = { $cond: [isOwn, '$emptying.others', { $ifNull: ['$emptying.until', new Date(0)] }] };
  const until = { $max: [{ $add: ['$$NOW', forMs] }, '$emptying.until'] };
  await database.rooms.updateMany(
    { roomId: { $in: [...roomIds] }, 'policy.legalHold': { $exists: false } },
    [{ $set: { emptying: { run: { $literal: run }, until, others } } }],
    durable(),
  );
  const projection = { roomId: 1, 'policy.legalHold': 1, emptying: 1 } as const;
  const found = await database.rooms
    .find({ roomId: { $in: [...roomIds] } }, { ...majority(), projection, batchSize: roomIds.length + 1 })
    .toArray();
  const held = new Map<string, string>();
  let first = latest;
  for (const { roomId, policy, emptying } of found) {
    if (policy?.legalHold || emptying?.run !== run) held.set(roomId, policy?.legalHold?.name ?? 'another run');
    else if (emptying.until < first) first = emptying.until;
  }
  // Without a room there is nothing that a hold could be set on.
  return { held, until: first };
}

/** Gives the right back, so that nobody waits for it any longer. Only after the last write that empties was answered. */
export async function endEmptying(database: ChatDatabase, roomIds: readonly string[], run: string): Promise<void> {
  const isOver = { $lt: [{ $add: ['$emptying.others', echoMs] }, '$$NOW'] };
  const left = { run: '', until: '$emptying.others', others: '$emptying.others' };
  await database.rooms.updateMany(
    { roomId: { $in: [...roomIds] }, 'emptying.run': run },
    [{ $set: { emptying: { $cond: [isOver, '$$REMOVE', left] } } }],
    durable(),
  );
}

/** A condition of a write that holds before a time of the server's clock only. */
export function inTime(until: Date) {
  return { $expr: { $lt: ['$$NOW', until] } } as const;
}

/** Whether no run may empty messages of a room now; asked after a hold was set. */
export async function canBeHeld(database: ChatDatabase, roomId: string): Promise<boolean> {
  const isOver = [
    { emptying: { $exists: false } },
    { $expr: { $lt: [{ $add: ['$emptying.until', echoMs] }, '$$NOW'] } },
  ];
  return (await database.rooms.findOne({ roomId, $or: isOver }, { ...majority(), projection: { _id: 1 } })) !== null;
}
