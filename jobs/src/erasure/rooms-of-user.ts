import {
  ArchiveFault,
  hasClientMessageId,
  type MonthDocument,
  type MonthYear,
  majority,
  type RoomDocument,
} from '@parlance/storage';
import type { OpenArchive } from '../archive/open-archive.js';
import { countArchived } from '../fold/count-archived.js';
import { Folds } from '../fold/fold.js';
import type { JobContext } from '../job-context.js';
import { hasCollection } from '../mongo/has-collection.js';
import { headsOf } from '../mongo/heads-of.js';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import type { ErasedRoom } from './plan-erase-user.js';

/** Whether a document was emptied, as an expression. */
const isEmptied = { $ne: [{ $type: '$erasedAt' }, 'missing'] };

/** Rooms that are looked at together. */
const roomsAtATime = 100;

/** Where months lie, and what can be looked at. */
interface Places {
  /** Months whose collection stands. */
  readonly live: ReadonlySet<MonthYear>;
  /** Months that have a copy in the archive. */
  readonly copies: ReadonlyMap<MonthYear, NonNullable<MonthDocument['archive']>>;
  readonly archive: OpenArchive | undefined;
}

/**
 * All rooms that a user is or was in, with what they still hold of the user's. Rows of the gone stay for this.
 * @throws JobFailed; ArchiveFault `unavailable`; what the driver throws.
 */
export async function roomsOfUser(
  userId: string,
  archive: OpenArchive | undefined,
  context: JobContext,
): Promise<readonly ErasedRoom[]> {
  const { database, progress, signal } = context;
  const entries = await database.months.find({}, majority()).toArray();
  const places: Places = {
    live: new Set(entries.filter(hasCollection).map(({ monthYear }) => monthYear)),
    copies: new Map(entries.flatMap((entry) => (entry.archive ? [[entry.monthYear, entry.archive] as const] : []))),
    archive,
  };
  const found: Looked[] = [];
  await progress.during(`looking through the rooms of ${userId}`, async (tell) => {
    let batch: string[] = [];
    const look = async (): Promise<void> => {
      found.push(...(await lookInto(userId, batch, places, context)));
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
  return await withArchives(userId, found, places, context);
}

/** A room before the archive was looked at. */
interface Looked extends Omit<ErasedRoom, 'archived' | 'emptied' | 'unread'> {
  readonly emptied: ReadonlyMap<MonthYear, number>;
  readonly months: readonly MonthYear[];
}

async function lookInto(
  userId: string,
  roomIds: readonly string[],
  { live }: Places,
  context: JobContext,
): Promise<Looked[]> {
  const { database } = context;
  const rooms = await database.rooms.find({ roomId: { $in: [...roomIds] } }, majority()).toArray();
  const heads = await headsOf(rooms, context);
  const counts = await countMessages(userId, rooms, live, context);
  const events = await countEvents(userId, roomIds, context);
  return rooms.map((room) => ({
    roomId: room.roomId,
    head: heads.get(room.roomId) ?? 0,
    notedUpTo: Number(room.erasures?.find((each) => each.userId === userId)?.upTo ?? 0),
    notedAt: room.erasures?.find((each) => each.userId === userId)?.at.getTime(),
    hold: room.policy?.legalHold,
    messages: counts.left.get(room.roomId) ?? new Map(),
    emptied: counts.emptied.get(room.roomId) ?? new Map(),
    months: room.segments.map(({ monthYear }) => monthYear),
    events: events.get(room.roomId) ?? 0,
  }));
}

/** Adds what the archives hold, month by month, so that each block is read about once. */
async function withArchives(
  userId: string,
  rooms: readonly Looked[],
  { copies, archive, live }: Places,
  { progress, signal }: JobContext,
): Promise<ErasedRoom[]> {
  const archived: CountsByRoom = new Map();
  const emptied: CountsByRoom = new Map();
  const unread = new Map<MonthYear, string>();
  for (const [month, copy] of copies) {
    const concerned = rooms.filter(({ months }) => months.includes(month));
    if (concerned.length === 0) continue;
    if (!archive) {
      unread.set(month, 'no archive is configured: ARCHIVE_DRIVER is none');
      continue;
    }
    const folds = new Folds(concerned.map(({ roomId, head }) => ({ roomId, userId, upTo: head })));
    try {
      const counts = await progress.during(`looking through the archive of ${month}`, () =>
        countArchived(copy, folds, archive, signal),
      );
      for (const [roomId, messages] of counts.left) put(archived, roomId, month, messages);
      for (const [roomId, messages] of counts.emptied) put(emptied, roomId, month, messages);
    } catch (thrown) {
      if (!(thrown instanceof ArchiveFault) || thrown.trouble === 'unavailable') throw thrown;
      unread.set(month, `it cannot be read: ${thrown.message}`);
    }
  }
  const goneWith = new Set([...copies.keys(), ...live]);
  return rooms.map(({ months, ...room }) => ({
    ...room,
    archived: archived.get(room.roomId) ?? new Map(),
    emptied: { live: room.emptied, archived: emptied.get(room.roomId) ?? new Map() },
    unread: new Map(
      months.flatMap((month): [MonthYear, string][] => {
        const reason = unread.get(month) ?? (goneWith.has(month) ? undefined : 'nobody knows where the month lies');
        return reason === undefined ? [] : [[month, reason]];
      }),
    ),
  }));
}

async function countMessages(
  userId: string,
  rooms: readonly Pick<RoomDocument, 'roomId' | 'segments'>[],
  live: ReadonlySet<MonthYear>,
  { database, signal }: JobContext,
): Promise<{ readonly left: CountsByRoom; readonly emptied: CountsByRoom }> {
  const left: CountsByRoom = new Map();
  const emptied: CountsByRoom = new Map();
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
    };
    const group = {
      _id: '$roomId',
      left: { $sum: { $cond: [isEmptied, 0, 1] } },
      emptied: { $sum: { $cond: [isEmptied, 1, 0] } },
    };
    const groups = database
      .messages(month)
      .aggregate<{ _id: string; left: number; emptied: number }>([{ $match: match }, { $group: group }], longRead);
    for await (const counts of rowsOf(groups, signal)) {
      put(left, counts._id, month, counts.left);
      put(emptied, counts._id, month, counts.emptied);
    }
  }
  return { left, emptied };
}

/** Messages by room and month. */
type CountsByRoom = Map<string, Map<MonthYear, number>>;

function put(counts: CountsByRoom, roomId: string, month: MonthYear, messages: number): void {
  if (messages > 0) counts.set(roomId, (counts.get(roomId) ?? new Map<MonthYear, number>()).set(month, messages));
}

/** The newest `updated` of a room is what it shows now, which is the room's and not the user's; it stays. */
async function countEvents(
  userId: string,
  roomIds: readonly string[],
  { database, signal }: JobContext,
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
