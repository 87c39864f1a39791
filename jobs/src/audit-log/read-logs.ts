import {
  type ChatDatabase,
  type MonthYear,
  majority,
  placeOfMonth,
  type RoomDocument,
  readFirstSlots,
  readLastSlots,
} from '@parlance/storage';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import type { AuditedLog, AuditedMark, SegmentEnds } from './log-faults.js';

/** Rooms that are looked at together. */
const roomsAtATime = 500;

/**
 * All logs, a batch in memory at a time. Of each month it reads two index keys a room and no message. Marks are read before
 * the chains and those before the ends, so none of a room that is written to meanwhile looks wrong.
 */
export async function* auditedLogs(database: ChatDatabase, signal: AbortSignal): AsyncGenerator<AuditedLog> {
  const months = await database.months.find({}, majority(30_000)).toArray();
  const readable = new Set(
    months.filter((each) => placeOfMonth(each) === 'collection').map(({ monthYear }) => monthYear),
  );
  let batch: string[] = [];
  for await (const { roomId } of rowsOf(database.rooms.find({}, { ...longRead, projection: { roomId: 1 } }), signal)) {
    if (batch.push(roomId) < roomsAtATime) continue;
    yield* logsOf(database, batch, readable, signal);
    batch = [];
  }
  yield* logsOf(database, batch, readable, signal);
}

/** The logs of some rooms. */
async function* logsOf(
  database: ChatDatabase,
  roomIds: readonly string[],
  readable: ReadonlySet<MonthYear>,
  signal: AbortSignal,
): AsyncGenerator<AuditedLog> {
  if (roomIds.length === 0) return;
  const marks = await readMarks(database, roomIds, signal);
  const rooms = await database.rooms
    .find({ roomId: { $in: [...roomIds] } }, { ...majority(30_000), projection: { roomId: 1, segments: 1 } })
    .toArray();
  const ends = await readEnds(database, rooms, readable, signal);
  for (const { roomId, segments } of rooms) {
    yield {
      roomId,
      marks: marks.get(roomId) ?? [],
      segments: segments.map(({ monthYear, firstId, end }) => ({
        monthYear,
        firstId: Number(firstId),
        ends: readable.has(monthYear) ? ends.get(`${monthYear} ${roomId}`) : 'unread',
        ...(end ? { notedHead: Number(end.head) } : {}),
      })),
    };
  }
}

async function readMarks(
  database: ChatDatabase,
  roomIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, AuditedMark[]>> {
  const marks = new Map<string, AuditedMark[]>();
  const rows = database.participants.find(
    { roomId: { $in: [...roomIds] } },
    { ...longRead, projection: { roomId: 1, userId: 1, deliveredUpTo: 1, readUpTo: 1 } },
  );
  for await (const { roomId, userId, deliveredUpTo, readUpTo } of rowsOf(rows, signal)) {
    const list = marks.get(roomId) ?? [];
    list.push({ userId, mark: 'deliveredUpTo', value: Number(deliveredUpTo) });
    list.push({ userId, mark: 'readUpTo', value: Number(readUpTo) });
    marks.set(roomId, list);
  }
  return marks;
}

/** How the ends of a batch are read. */
const batchRead = () => majority(60_000);

/** The ends by month and room. */
async function readEnds(
  database: ChatDatabase,
  rooms: readonly Pick<RoomDocument, 'roomId' | 'segments'>[],
  readable: ReadonlySet<MonthYear>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, SegmentEnds>> {
  const byMonth = new Map<MonthYear, string[]>();
  for (const { roomId, segments } of rooms) {
    for (const { monthYear } of segments) {
      if (readable.has(monthYear)) byMonth.set(monthYear, [...(byMonth.get(monthYear) ?? []), roomId]);
    }
  }
  const ends = new Map<string, SegmentEnds>();
  for (const [month, ids] of byMonth) {
    const first = new Map<string, number>();
    signal.throwIfAborted();
    for (const { _id, messageId } of await readFirstSlots(database, month, ids, batchRead())) {
      first.set(_id, Number(messageId));
    }
    for (const { _id, messageId, kind } of await readLastSlots(database, month, ids, batchRead())) {
      const firstId = first.get(_id);
      // One that has its first record since the first look; the next audit sees both.
      if (firstId === undefined) continue;
      ends.set(`${month} ${_id}`, { firstId, lastId: Number(messageId), lastKind: kind });
    }
  }
  return ends;
}
