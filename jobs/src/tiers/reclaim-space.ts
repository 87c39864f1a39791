import { setTimeout as delay } from 'node:timers/promises';
import { commandTimeout, type MonthYear, messageCollectionName, readServerClock } from '@parlance/storage';
import type { Db } from 'mongodb';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { readDeletionDelay, readHistoryWindow, readRangeDeletions } from '../mongo/cluster/range-deletions.js';
import { readShardBytes } from '../mongo/cluster/shard-bytes.js';
import type { ShardConnections } from '../mongo/cluster/shard-connections.js';
import type { ClaimedMonth } from '../months/claimed-month.js';
import type { MoveMemo } from './move-month.js';
import { emptyBytes, megabytes } from './plan-migrate-tiers.js';

/** Longest that `compact` may take on one server, milliseconds. */
const compactMs = 3_600_000;

/** How much longer than the server's own delay the deletion of ranges may take without one of them ending, milliseconds. */
const deletionMs = 900_000;

/**
 * Has the disks free of what a month has left on shards that no longer own a part of it, and tells the bytes before and
 * after. MongoDB deletes the ranges in its own time; their pages are free for others once no snapshot can ask for them; and
 * only `compact` on each member then makes the files smaller. None of it can take a document that is still owned. Answers
 * the bytes that are left on the one of them that has the most. May end anywhere and be repeated.
 */
export async function reclaimSpace(
  context: JobContext,
  connections: ShardConnections,
  claimed: ClaimedMonth<MoveMemo>,
  donors: readonly string[],
): Promise<number> {
  const { checkpoint, report } = context;
  const { month, memo } = claimed;
  if (donors.length === 0) return 0;
  const deletedAt = await waitForDeletions(context, connections, month, donors);
  await checkpoint('migrate-tiers:deleted');
  const before = sumOf(await bytesOn(connections, month, donors));
  await waitForHistory(context, connections, donors, deletedAt);
  await claimed.hold();
  for (const donor of donors) {
    for (const member of await connections.members(donor)) {
      await compact(context, member, month, donor);
      await checkpoint('migrate-tiers:compacted');
    }
  }
  const left = await bytesOn(connections, month, donors);
  const after = sumOf(left);
  const moved = donors.reduce((sum, donor) => sum + (memo.bytesBefore?.[donor] ?? 0), 0);
  const bytes = `${megabytes(moved)} before the move, ${megabytes(before)} after its ranges were deleted, ${megabytes(after)} now`;
  const what = `free the disk of ${donors.join(', ')} of ${month}: ${bytes}`;
  await claimed.step({ step: 'reclaim', what, reason: 'deleting gives no disk back, compacting does' });
  report.done(`${month}: the disk of ${donors.join(', ')} held ${bytes}`, {
    month,
    donors,
    bytesBeforeMove: moved,
    bytesAfterDeletion: before,
    bytesNow: after,
  });
  return Math.max(...left);
}

async function bytesOn(
  connections: ShardConnections,
  month: MonthYear,
  donors: readonly string[],
): Promise<readonly number[]> {
  return await Promise.all(
    donors.map(
      async (donor) => (await readShardBytes(await connections.primary(donor), messageCollectionName(month))).bytes,
    ),
  );
}

function sumOf(bytes: readonly number[]): number {
  return bytes.reduce((sum, each) => sum + each, 0);
}

/** Waits until the donors have nothing of the month to delete. Answers MongoDB's clock at that time. */
async function waitForDeletions(
  { database, progress, signal, elapsedMs }: JobContext,
  connections: ShardConnections,
  month: MonthYear,
  donors: readonly string[],
): Promise<number> {
  const { namespace } = database.messages(month);
  await progress.during(`waiting for MongoDB to delete what ${month} left behind`, async (tell) => {
    const servers = await Promise.all(donors.map((donor) => connections.primary(donor)));
    const delays = await Promise.all(servers.map(readDeletionDelay));
    const patienceMs = Math.max(...delays) * 1_000 + deletionMs;
    let fewest = Number.POSITIVE_INFINITY;
    for (let since = elapsedMs(); ; ) {
      const pending = await Promise.all(servers.map((server) => readRangeDeletions(server, namespace)));
      const ranges = pending.reduce((sum, each) => sum + each.ranges, 0);
      if (ranges === 0) return;
      const documents = pending.reduce((sum, each) => sum + each.documents, 0);
      tell(`${ranges} ranges with ${documents} documents are left, deleted ${Math.max(...delays)} s after they moved`);
      if (ranges < fewest) since = elapsedMs();
      fewest = Math.min(fewest, ranges);
      if (elapsedMs() - since > patienceMs) throw new JobFailed(`${ranges} ranges of ${month} are not deleted`);
      await delay(500, undefined, { signal });
    }
  });
  return await readServerClock(database);
}

/** Waits until no snapshot can ask for what was deleted by then. */
async function waitForHistory(
  { database, progress, signal }: JobContext,
  connections: ShardConnections,
  donors: readonly string[],
  deletedAt: number,
): Promise<void> {
  const windows = await Promise.all(donors.map(async (donor) => readHistoryWindow(await connections.primary(donor))));
  const until = deletedAt + Math.max(...windows) * 1_000 + 1_000;
  await progress.during('waiting until no snapshot can ask for what was deleted', async (tell) => {
    for (let now = deletedAt; now < until; now = await readServerClock(database)) {
      tell({
        done: Math.round((now - deletedAt) / 1_000),
        total: Math.round((until - deletedAt) / 1_000),
        unit: 'seconds',
      });
      await delay(Math.min(2_000, until - now), undefined, { signal });
    }
  });
}

/** A checkpoint first: what was deleted since the last one is still in the file. */
async function compact({ progress }: JobContext, member: Db, month: MonthYear, donor: string): Promise<void> {
  const collection = messageCollectionName(month);
  const { bytes } = await readShardBytes(member, collection);
  if (bytes <= emptyBytes) return;
  await progress.during(`compacting ${collection} on ${donor}`, async () => {
    await member.client.db('admin').command({ fsync: 1 }, commandTimeout(compactMs));
    await member.command({ compact: collection, force: true }, commandTimeout(compactMs));
  });
}
