import { setTimeout as delay } from 'node:timers/promises';
import { Long, MongoBulkWriteError, ObjectId } from 'mongodb';
import type { ChatDatabase } from '../database/chat-database.js';
import { durable, majority } from '../database/command-options.js';
import type { UnloggedEvent } from '../documents/room-event-document.js';

/** Between two looks at a number that another writer has just taken, milliseconds. */
const pauseMs = 20;

/** Looks before giving up. */
const patience = 50;

/**
 * Puts room events from the room's document into `room_events`, ascending, and then takes them out of the document. Any
 * number of writers may do it for the same events: the numbers were given out in the document, so a number that is taken
 * is taken by the same event. One goes in only behind its predecessor, so there are no holes. Rejects as the driver does.
 */
export async function logRoomEvents(
  database: ChatDatabase,
  roomId: string,
  unlogged: readonly UnloggedEvent[],
): Promise<void> {
  const last = unlogged.at(-1);
  if (!last) return;
  let rest = unlogged;
  // Stryker disable next-line UpdateOperator: counts the looks; see below.
  for (let looks = 0; rest.length > 0; looks++) {
    try {
      const rows = rest.map((event) => ({ ...event, _id: new ObjectId(), roomId }));
      await database.roomEvents.insertMany(rows, { ...durable(), ordered: true });
      break;
    } catch (error) {
      if (!isTaken(error)) throw error;
      // Stryker disable next-line all: a number that is taken a second long without a majority takes three members to see.
      if (looks >= patience) throw error;
      const newest = await newestRoomEvent(database, roomId);
      const left = rest.filter(({ rev }) => Number(rev) > newest);
      // Taken, and no majority has it yet.
      // Stryker disable next-line all: the same for a moment; without the pause it only asks more often.
      if (left.length === rest.length) await delay(pauseMs);
      rest = left;
    }
  }
  await database.rooms.updateOne({ roomId }, { $pull: { unlogged: { rev: { $lte: last.rev } } } }, durable());
}

function isTaken(error: unknown): boolean {
  return error instanceof MongoBulkWriteError && error.code === 11_000;
}

/** Number of the newest room event that lies in `room_events`, at majority; 0 when there is none. */
export async function newestRoomEvent(database: ChatDatabase, roomId: string): Promise<number> {
  const [last] = await database.roomEvents
    .find(
      { roomId, rev: { $gt: Long.fromNumber(0) } },
      { ...majority(), sort: { rev: -1 }, limit: 1, projection: { rev: 1 } },
    )
    .toArray();
  return Number(last?.rev ?? 0);
}
