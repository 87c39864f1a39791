import {
  claimMonth,
  durable,
  erasedClientId,
  hasClientMessageId,
  holdsMonth,
  type MonthClaim,
  type MonthYear,
  releaseMonth,
  stepMonth,
  tombstoneUpdate,
} from '@parlance/storage';
import { Long } from 'mongodb';
import { JobFailed } from '../job-failed.js';
import { readMonth } from '../mongo/month-registry.js';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import type { JobSurroundings } from '../surroundings.js';

/** Messages of one room that are to be emptied. */
export interface Fold {
  readonly roomId: string;
  /** Only of this sender; absent: of all. */
  readonly userId?: string;
  /** Up to and including this id. */
  readonly upTo: number;
  /** The names of messages are kept as hashes under this key; absent: not at all. */
  readonly nameKey?: string;
}

/** Documents that one command empties. */
const batchSize = 500;

/**
 * Empties messages in one month that lies in a collection, under a claim of the month, so that nobody moves or archives it
 * meanwhile. May be stopped anywhere and done again: what is empty is not met again. Answers how many documents it was.
 * Errors: JobFailed when the month is not there or another job takes it; what the driver throws.
 */
export async function foldMonth(
  month: MonthYear,
  folds: readonly Fold[],
  job: string,
  surroundings: JobSurroundings,
): Promise<number> {
  const { database, progress, checkpoint } = surroundings;
  const entry = await readMonth(database, month);
  if (!entry) throw new JobFailed(`${month} is not registered`);
  const note = { step: 'fold', what: `empty messages in ${folds.length} rooms`, reason: 'they were erased' };
  const claim = await claimMonth(database, entry, job, note);
  if (!claim) throw new JobFailed(`${month} was changed by another job`);
  // Its records are about to become others: what was known of all of them does not hold any more.
  if (!(await stepMonth(database, claim, note, { digest: undefined })))
    throw new JobFailed(`${month} was taken by another job`);
  await checkpoint(`${job}:claimed`);
  const emptied = await progress.during(`emptying messages of ${month}`, async (tell) => {
    let done = 0;
    for (const fold of folds) {
      for await (const batch of batches(month, fold, surroundings)) {
        await empty(claim, fold, batch, surroundings);
        tell({ done: (done += batch.length), unit: 'messages' });
        await checkpoint(`${job}:emptied`);
      }
    }
    return done;
  });
  if (!(await releaseMonth(database, claim))) throw new JobFailed(`${month} was taken by another job`);
  return emptied;
}

interface Name {
  readonly messageId: Long;
  readonly senderId: string;
  readonly clientMessageId?: string;
}

async function* batches(month: MonthYear, fold: Fold, { database, signal }: JobSurroundings): AsyncGenerator<Name[]> {
  const { roomId, userId, upTo } = fold;
  const filter = {
    monthYear: month,
    roomId,
    messageId: { $lte: Long.fromNumber(upTo) },
    kind: { $exists: false },
    erasedAt: { $exists: false },
    // The index by names leads to one sender's messages.
    ...(userId !== undefined && { senderId: userId, ...hasClientMessageId }),
  };
  const found = database
    .messages(month)
    .find<Name>(filter as never, { ...longRead, projection: { messageId: 1, senderId: 1, clientMessageId: 1 } });
  let batch: Name[] = [];
  for await (const name of rowsOf(found, signal)) {
    batch.push(name);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function empty(
  claim: MonthClaim,
  { roomId, nameKey }: Fold,
  batch: readonly Name[],
  { database, now }: JobSurroundings,
): Promise<void> {
  if (!(await holdsMonth(database, claim))) throw new JobFailed(`${claim.month} was taken by another job`);
  const at = new Date(await now());
  await database.messages(claim.month).bulkWrite(
    batch.map(({ messageId, senderId, clientMessageId }) => {
      const keeps = nameKey !== undefined && clientMessageId !== undefined;
      const name = keeps ? erasedClientId({ roomId, senderId, clientMessageId }, nameKey) : undefined;
      return {
        updateOne: {
          filter: { monthYear: claim.month, roomId, messageId },
          update: tombstoneUpdate(at, name) as never,
        },
      };
    }),
    { ...durable(), ordered: false },
  );
}
