import {
  type ChatDatabase,
  durable,
  type MonthCounts,
  type MonthDigest,
  type MonthDocument,
  type MonthYear,
  majority,
} from '@parlance/storage';
import { Long } from 'mongodb';
import { gathering, longRead, rowsOf } from '../mongo/rows-of.js';

/** A month's entry, or undefined. */
export async function readMonth(database: ChatDatabase, month: MonthYear): Promise<MonthDocument | undefined> {
  return (await database.months.findOne({ monthYear: month }, majority())) ?? undefined;
}

/** All months that are registered, in whatever state. */
export async function registeredMonths(database: ChatDatabase): Promise<ReadonlySet<MonthYear>> {
  const entries = await database.months.find({}, { ...majority(), projection: { monthYear: 1 } }).toArray();
  return new Set(entries.map(({ monthYear }) => monthYear));
}

/** The months that take messages, oldest first. */
export async function openMonths(database: ChatDatabase): Promise<readonly MonthDocument[]> {
  return await database.months.find({ state: 'OPEN' }, majority()).sort({ monthYear: 1 }).toArray();
}

/** What lies in a month. Reads all of it. */
export async function countMonth(database: ChatDatabase, month: MonthYear, signal: AbortSignal): Promise<MonthCounts> {
  const groups = database
    .messages(month)
    .aggregate<{ _id: 'seal' | 'void' | null; records: number }>(
      [{ $match: { monthYear: month } }, { $group: { _id: { $ifNull: ['$kind', null] }, records: { $sum: 1 } } }],
      longRead,
    );
  const counted = new Map<'seal' | 'void' | null, number>();
  for await (const { _id, records } of rowsOf(groups, signal, gathering)) counted.set(_id, records);
  const of = (kind: 'seal' | 'void' | null): Long => Long.fromNumber(counted.get(kind) ?? 0);
  return { messages: of(null), rooms: of('seal'), voids: of('void') };
}

/**
 * Sets a month from `OPEN` to `SEALED`, if it is still in the epoch that was read: of two runs one does it. Answers
 * whether it was this one. Rejects when it cannot tell; running the job again tells.
 */
export async function closeMonth(
  database: ChatDatabase,
  month: MonthYear,
  epoch: number,
  counts: MonthCounts,
): Promise<boolean> {
  const { matchedCount } = await database.months.updateOne(
    { monthYear: month, state: 'OPEN', epoch },
    { $set: { state: 'SEALED', counts }, $inc: { epoch: 1 }, $currentDate: { sealedAt: true } },
    durable(),
  );
  return matchedCount === 1;
}

/**
 * Notes that a month was found right, with the digest of its records where one was taken. Does nothing when the month was
 * changed since it was read, or a job is at work on it.
 */
export async function noteVerified(
  database: ChatDatabase,
  { monthYear, epoch }: Pick<MonthDocument, 'monthYear' | 'epoch'>,
  verifiedAt: Date,
  digest: MonthDigest | undefined,
): Promise<void> {
  await database.months.updateOne(
    { monthYear, epoch, work: { $exists: false } },
    { $set: { verifiedAt, ...(digest && { digest }) } },
    durable(),
  );
}
