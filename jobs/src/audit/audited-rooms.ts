import { type ChatDatabase, majority, type RoomDocument } from '@parlance/storage';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import type { AuditedRoom, AuditedRow } from './plan-audit.js';

/** Rooms whose rows are read together. */
const roomsAtATime = 100;

/** All groups with their rows, a batch in memory at a time. Rows are read after their rooms. */
export async function* auditedRooms(database: ChatDatabase, signal: AbortSignal): AsyncGenerator<AuditedRoom> {
  let batch: RoomDocument[] = [];
  const rooms = database.rooms.find({ roomType: 'group' }, { ...longRead, projection: { segments: 0 } });
  for await (const room of rowsOf(rooms, signal)) {
    batch.push(room);
    if (batch.length < roomsAtATime) continue;
    yield* withRows(database, batch);
    batch = [];
  }
  yield* withRows(database, batch);
}

/** One group, or undefined. */
export async function auditedRoom(database: ChatDatabase, roomId: string): Promise<AuditedRoom | undefined> {
  const room = await database.rooms.findOne({ roomId }, majority());
  if (!room) return undefined;
  for await (const audited of withRows(database, [room])) return audited;
  return undefined;
}

async function* withRows(database: ChatDatabase, rooms: readonly RoomDocument[]): AsyncGenerator<AuditedRoom> {
  if (rooms.length === 0) return;
  const rows = await database.participants
    .find({ roomId: { $in: rooms.map(({ roomId }) => roomId) }, leftAt: null }, majority())
    .toArray();
  const byRoom = Map.groupBy(rows, ({ roomId }) => roomId);
  for (const { roomId, memberRev, participants, ownerId = null, admins = [], unlogged = [] } of rooms) {
    yield {
      roomId,
      memberRev: Number(memberRev),
      roster: participants && { participants, ownerId, admins },
      unlogged: unlogged.length,
      rows: (byRoom.get(roomId) ?? []).map(
        ({ userId, role, joinedAt, memberRev: before }): AuditedRow => ({
          userId,
          ...(role && { role }),
          joinedAt: joinedAt.getTime(),
          memberRev: Number(before ?? 0),
        }),
      ),
    };
  }
}
