import {
  type ChatDatabase,
  changeRoom,
  durable,
  logRoomEvents,
  newestRoomEvent,
  readServerClock,
} from '@parlance/storage';
import { Long } from 'mongodb';
import { auditedRoom } from './audited-rooms.js';
import { joiningMs, mendingOf } from './plan-audit.js';

/** Who a mended room says has changed it; no user has this id by having a token, unless one gives it out. */
const auditor = 'parlance:audit';

/**
 * Mends one group: reads it, writes what it has to become if it is still the one that was read, and puts its rows and
 * events in order. May be stopped anywhere and done again. Answers whether nothing is left to do; `false` when the room was
 * changed meanwhile.
 */
export async function mendRoom(database: ChatDatabase, roomId: string): Promise<boolean> {
  const now = await readServerClock(database);
  const room = await auditedRoom(database, roomId);
  if (!room) return true;
  const { roster, events, loose } = mendingOf(room, now);
  if (events.length > 0) {
    const at = new Date(now);
    const told = events.map((event) => ({ ...event, by: auditor, at }));
    const rev = await newestRev(database, roomId);
    if (!(await changeRoom(database, { ...room, rev }, { roster, events: told }))) return false;
  }
  if (loose.length > 0) {
    const isOver = [
      { memberRev: { $not: { $gte: Long.fromNumber(room.memberRev) } } },
      { joinedAt: { $lt: new Date(now - joiningMs) } },
    ];
    await database.participants.updateMany(
      { roomId, userId: { $in: [...loose] }, leftAt: null, $or: isOver },
      { $set: { leftAt: new Date(now) } },
      durable(),
    );
  }
  const after = await database.rooms.findOne({ roomId }, { projection: { unlogged: 1 } });
  await logRoomEvents(database, roomId, after?.unlogged ?? []);
  return true;
}

/** Number of the newest event of a room, given out or logged: an earlier build logged one before it counted it. */
async function newestRev(database: ChatDatabase, roomId: string): Promise<number> {
  const [room, logged] = await Promise.all([
    database.rooms.findOne({ roomId }, { projection: { rev: 1 } }),
    newestRoomEvent(database, roomId),
  ]);
  return Math.max(Number(room?.rev ?? 0), logged);
}
