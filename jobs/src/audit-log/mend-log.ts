import {
  type ChatDatabase,
  durable,
  insertSlots,
  type MarkDocument,
  type MonthYear,
  majority,
  sealSlot,
  startOfMonth,
} from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { ClaimedMonth } from '../months/claimed-month.js';
import { countMonth, readMonth } from '../months/month-registry.js';
import type { Hole, LogFault } from './log-faults.js';
import type { FaultyLog } from './look-at-logs.js';

/** Records in one insert command. */
const recordsAtATime = 500;

/** What a repair did. */
export interface MendedLogs {
  readonly records: number;
  readonly marks: number;
  /** Noted ends that were taken away. */
  readonly ends: number;
  /** Faults that no repair may decide, and holes of months that another job has claimed. */
  readonly left: number;
}

/**
 * Closes holes with `void` records, and with the seal where one has to stand (R14: pointers are for push), takes noted
 * ends away, which readers note anew, and lowers marks to the head. A slot that is taken meanwhile stays what it is. A
 * month that takes no messages any more is claimed first, so nobody moves or archives it meanwhile, and its counts are
 * taken anew. May be stopped anywhere and repeated.
 */
export async function mendLogs(context: JobContext, faulty: readonly FaultyLog[]): Promise<MendedLogs> {
  const { database, checkpoint } = context;
  let [records, marks, ends, left] = [0, 0, 0, 0];
  for (const [month, holes] of holesByMonth(faulty)) {
    const entry = await readMonth(database, month);
    if (!entry || (entry.work && entry.work.job !== 'audit')) {
      left += holes.length;
      continue;
    }
    const reason = `${holes.length} holes were found in ${month}`;
    const claimed =
      entry.state === 'OPEN'
        ? undefined
        : await ClaimedMonth.claim(context, entry, 'audit', {
            step: 'mend',
            what: 'close holes with void records',
            reason,
          });
    for (const [roomId, hole] of holes) records += await closeHole(context, roomId, hole);
    await checkpoint('audit:closed');
    if (claimed) {
      const counts = await countMonth(database, month, context.signal);
      await claimed.release({ counts, digest: undefined });
    }
  }
  for (const { roomId, faults } of faulty) {
    for (const fault of faults) {
      if (fault.kind === 'chain') left += 1;
      if (fault.kind === 'end') {
        await checkpoint('audit:end');
        ends += await forgetEnd(database, roomId, fault);
      }
      if (fault.kind !== 'mark') continue;
      await checkpoint('audit:mark');
      marks += await lowerMark(database, roomId, fault);
    }
  }
  return { records, marks, ends, left };
}

function holesByMonth(faulty: readonly FaultyLog[]): ReadonlyMap<MonthYear, readonly (readonly [string, Hole])[]> {
  const byMonth = new Map<MonthYear, (readonly [string, Hole])[]>();
  for (const { roomId, faults } of faulty) {
    for (const fault of faults) {
      if (fault.kind !== 'hole') continue;
      byMonth.set(fault.monthYear, [...(byMonth.get(fault.monthYear) ?? []), [roomId, fault]]);
    }
  }
  return byMonth;
}

/** Answers how many records were put in. */
async function closeHole({ database, checkpoint }: JobContext, roomId: string, hole: Hole): Promise<number> {
  const { monthYear, fromId, toId, isSealed } = hole;
  const timestamp = await timeBefore(database, monthYear, roomId, fromId);
  let closed = 0;
  for (let id = fromId; id <= toId; ) {
    const batch: MarkDocument[] = [];
    for (; id <= toId && batch.length < recordsAtATime; id++) {
      const isSeal = isSealed && id === toId;
      batch.push(
        isSeal
          ? sealSlot({ roomId, monthYear, head: id - 1, timestamp: timestamp.getTime() })
          : { _id: new ObjectId(), kind: 'void', monthYear, roomId, messageId: Long.fromNumber(id), timestamp },
      );
    }
    await checkpoint('audit:closing');
    const outcomes = await insertSlots(database, monthYear, batch, { ordered: true, timeoutMs: 10_000 });
    closed += outcomes.filter(({ kind }) => kind === 'committed').length;
    const failed = outcomes.find(({ kind }) => kind !== 'committed' && kind !== 'taken' && kind !== 'notAttempted');
    if (failed) throw new JobFailed(`a slot of ${roomId} in ${monthYear} could not be written: ${failed.kind}`);
  }
  return closed;
}

/** The time of the slot before an id, so that times never fall; the start of the month where there is none. */
async function timeBefore(database: ChatDatabase, monthYear: MonthYear, roomId: string, id: number): Promise<Date> {
  const before = await database
    .messages(monthYear)
    .findOne(
      { monthYear, roomId, messageId: Long.fromNumber(id - 1) },
      { ...majority(), projection: { timestamp: 1 } },
    );
  return before?.timestamp ?? new Date(startOfMonth(monthYear));
}

/** Only the end that was read. Nothing decides by its absence: whoever meets the seal notes it again. */
async function forgetEnd(
  database: ChatDatabase,
  roomId: string,
  { monthYear, notedHead }: Extract<LogFault, { kind: 'end' }>,
): Promise<number> {
  const { modifiedCount } = await database.rooms.updateOne(
    { roomId },
    { $unset: { 'segments.$[segment].end': 1 } },
    {
      ...durable(),
      arrayFilters: [{ 'segment.monthYear': monthYear, 'segment.end.head': Long.fromNumber(notedHead) }],
    },
  );
  return modifiedCount;
}

/** Only the mark that was read: one that was raised meanwhile is a new one. */
async function lowerMark(
  database: ChatDatabase,
  roomId: string,
  { userId, mark, value, head }: Extract<LogFault, { kind: 'mark' }>,
): Promise<number> {
  const { modifiedCount } = await database.participants.updateOne(
    { roomId, userId, [mark]: Long.fromNumber(value) },
    { $set: { [mark]: Long.fromNumber(head) } },
    durable(),
  );
  return modifiedCount;
}
