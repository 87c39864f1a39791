import { type ChatDatabase, type MonthYear, majority } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { inBatches } from '../mongo/in-batches.js';
import { type CountedRoom, countedRooms, keptCounts, readHoles } from './count-slots.js';
import { type LogFault, logFindingOf } from './log-faults.js';
import { auditedLogs } from './read-logs.js';

/** Faults of a room's log. */
export interface FaultyLog {
  readonly roomId: string;
  readonly faults: readonly LogFault[];
}

/** What an audit of all logs has found. */
export interface LogsFound {
  readonly rooms: number;
  /** Slots that stand, in all months that are read from MongoDB. */
  readonly slots: number;
  readonly faulty: readonly FaultyLog[];
  /** Months whose slots were counted one by one, since the kept number did not prove them complete. */
  readonly counted: readonly MonthYear[];
}

/** Rooms that are looked up together. */
const roomsAtATime = 500;

/**
 * Audits all logs: from two index keys a room and month, and the number of records that the servers keep. Where that number
 * is not exactly what fits between the ends of all rooms, the month's keys are counted; no message is read in either case. A
 * month that is written to meanwhile is counted. `full` counts every month and trusts no kept number.
 */
export async function lookAtLogs(
  { database, progress, signal }: JobContext,
  { full }: { readonly full: boolean },
): Promise<LogsFound> {
  return await progress.during('auditing logs', async (tell) => {
    const faults = new Map<string, LogFault[]>();
    const note = (roomId: string, found: readonly LogFault[]): void => {
      if (found.length > 0) faults.set(roomId, [...(faults.get(roomId) ?? []), ...found]);
    };
    const before = await keptCounts(database);
    const total = await database.rooms.estimatedDocumentCount(majority(30_000));
    const fit = new Map<MonthYear, number>();
    let rooms = 0;
    for await (const log of auditedLogs(database, signal)) {
      const finding = logFindingOf(log);
      note(log.roomId, finding.faults);
      for (const [month, slots] of finding.slots) fit.set(month, (fit.get(month) ?? 0) + slots);
      tell({ done: ++rooms, total, unit: 'rooms' });
    }
    const after = await keptCounts(database);
    const isProven = (month: MonthYear): boolean =>
      !full && before.get(month) === after.get(month) && (fit.get(month) ?? 0) === after.get(month);
    const counted = [...after.keys()].filter((month) => !isProven(month));
    let slots = [...after].reduce((sum, [month, count]) => sum + (isProven(month) ? count : 0), 0);
    for (const month of counted) {
      let seen = 0;
      const number = after.get(month) ?? 0;
      for await (const batch of inBatches(countedRooms(database, month, signal), roomsAtATime)) {
        for (const [roomId, found] of await faultsOfCounted(database, month, batch, signal)) note(roomId, found);
        for (const room of batch) seen += room.slots;
        tell({ done: seen, total: number, unit: `slots of ${month}` });
      }
      slots += seen;
    }
    return { rooms, slots, counted, faulty: [...faults].map(([roomId, found]) => ({ roomId, faults: found })) };
  });
}

async function faultsOfCounted(
  database: ChatDatabase,
  month: MonthYear,
  batch: readonly CountedRoom[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly LogFault[]>> {
  const roomIds = batch.map(({ roomId }) => roomId);
  const named = await database.rooms
    .find({ roomId: { $in: roomIds }, 'segments.monthYear': month }, { ...majority(30_000), projection: { roomId: 1 } })
    .toArray();
  const isNamed = new Set(named.map(({ roomId }) => roomId));
  const faults = new Map<string, readonly LogFault[]>();
  for (const room of batch) {
    const text = `${room.slots} records stand there and no chain names the month`;
    const stray: LogFault[] = isNamed.has(room.roomId) ? [] : [{ kind: 'chain', monthYear: month, text }];
    const isWhole = room.slots === room.lastId - room.firstId + 1;
    faults.set(room.roomId, [...stray, ...(isWhole ? [] : await readHoles(database, month, room, signal))]);
  }
  return faults;
}
