import { hasClientMessageId, type MonthYear, majority, placeOfMonth, type RoomDocument } from '@parlance/storage';
import type { ErasedRoom } from '../plan/plan-erase-user.js';
import type { JobSurroundings } from '../surroundings.js';
import { headsOf } from './heads-of.js';
import { longRead, rowsOf } from './rows-of.js';

/** Rooms that are looked at together. */
const roomsAtATime = 100;

/** All rooms that a user is or was in, with what they still hold of the user's. Rows of the gone stay for this. */
export async function roomsOfUser(userId: string, surroundings: JobSurroundings): Promise<readonly ErasedRoom[]> {
  const { database, progress, signal } = surroundings;
  const entries = await database.months.find({}, majority()).toArray();
  const live = new Set(
    entries.filter((entry) => placeOfMonth(entry) === 'collection').map(({ monthYear }) => monthYear),
  );
  const found: ErasedRoom[] = [];
  await progress.during(`looking through the rooms of ${userId}`, async (tell) => {
    let batch: string[] = [];
    const look = async (): Promise<void> => {
      found.push(...(await lookInto(userId, batch, live, surroundings)));
      tell({ done: found.length, unit: 'rooms' });
      batch = [];
    };
    const rows = database.participants.find({ userId }, { ...longRead, projection: { roomId: 1 } });
    for await (const { roomId } of rowsOf(rows, signal)) {
      batch.push(roomId);
      if (batch.length >= roomsAtATime) await look();
    }
    if (batch.length > 0) await look();
  });
  return found;
}

async function lookInto(
  userId: string,
  roomIds: readonly string[],
  live: ReadonlySet<MonthYear>,
  surroundings: JobSurroundings,
): Promise<ErasedRoom[]> {
  const { database } = surroundings;
  const rooms = await database.rooms.find({ roomId: { $in: [...roomIds] } }, majority()).toArray();
  const heads = await headsOf(rooms, surroundings);
  const counts = await countMessages(userId, rooms, live, surroundings);
  const events = await countEvents(userId, roomIds, surroundings);
  return rooms.map((room) => ({
    roomId: room.roomId,
    head: heads.get(room.roomId) ?? 0,
    notedUpTo: Number(room.erasures?.find((each) => each.userId === userId)?.upTo ?? 0),
    hold: room.policy?.legalHold,
    messages: counts.get(room.roomId) ?? new Map(),
    archived: room.segments.map(({ monthYear }) => monthYear).filter((month) => !live.has(month)),
    events: events.get(room.roomId) ?? 0,
  }));
}

async function countMessages(
  userId: string,
  rooms: readonly Pick<RoomDocument, 'roomId' | 'segments'>[],
  live: ReadonlySet<MonthYear>,
  { database, signal }: JobSurroundings,
): Promise<ReadonlyMap<string, Map<MonthYear, number>>> {
  const byRoom = new Map<string, Map<MonthYear, number>>();
  const months = new Set(rooms.flatMap(({ segments }) => segments.map(({ monthYear }) => monthYear)));
  for (const month of months) {
    if (!live.has(month)) continue;
    const roomIds = rooms
      .filter(({ segments }) => segments.some(({ monthYear }) => monthYear === month))
      .map(({ roomId }) => roomId);
    const match = {
      monthYear: month,
      roomId: { $in: roomIds },
      senderId: userId,
      ...hasClientMessageId,
      erasedAt: { $exists: false },
    };
    const groups = database
      .messages(month)
      .aggregate<{ _id: string; messages: number }>(
        [{ $match: match }, { $group: { _id: '$roomId', messages: { $sum: 1 } } }],
        longRead,
      );
    for await (const { _id, messages } of rowsOf(groups, signal)) {
      const known = byRoom.get(_id) ?? new Map<MonthYear, number>();
      byRoom.set(_id, known.set(month, messages));
    }
  }
  return byRoom;
}

/** The newest `updated` of a room is what it shows now, which is the room's and not the user's; it stays. */
async function countEvents(
  userId: string,
  roomIds: readonly string[],
  { database, signal }: JobSurroundings,
): Promise<ReadonlyMap<string, number>> {
  const groups = database.roomEvents.aggregate<{ _id: string; all: { by: string; empty: boolean }[] }>(
    [
      { $match: { roomId: { $in: [...roomIds] }, kind: 'updated' } },
      { $sort: { roomId: 1, rev: 1 } },
      { $group: { _id: '$roomId', all: { $push: { by: '$by', empty: { $eq: ['$metadata', {}] } } } } },
    ],
    longRead,
  );
  const counts = new Map<string, number>();
  for await (const { _id, all } of rowsOf(groups, signal))
    counts.set(_id, all.slice(0, -1).filter(({ by, empty }) => by === userId && !empty).length);
  return counts;
}
