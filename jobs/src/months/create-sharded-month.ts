import {
  createMonthCollection,
  type MonthYear,
  registerMonth,
  shardedMessageIndexes,
  shardMonthCommand,
  zoneCommand,
  zoneRangeOf,
} from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { JobFailed } from '../job-failed.js';
import { adminCommand } from '../mongo/cluster/admin-command.js';
import { readChunks } from '../mongo/cluster/cluster-shards.js';

/**
 * Creates a month that is spread over the hot shards from its first message on, and registers it as `OPEN` when all of that
 * stands. Each command may be repeated and the process killed between any two. Answers the shards that it lies on.
 * @throws JobFailed when it is not spread; what the driver throws.
 */
export async function createShardedMonth(
  { database, checkpoint }: Pick<JobContext, 'database' | 'checkpoint'>,
  month: MonthYear,
  { shards, chunks }: { readonly shards: readonly string[]; readonly chunks: number },
): Promise<readonly string[]> {
  const { namespace } = database.messages(month);
  await createMonthCollection(database, month, shardedMessageIndexes);
  await checkpoint('create-months:collection');
  await adminCommand(database, zoneCommand(namespace, zoneRangeOf(month), 'hot'));
  await checkpoint('create-months:zone');
  await adminCommand(database, shardMonthCommand(namespace, chunks));
  await checkpoint('create-months:sharded');
  // Once more, now on every shard that has a part of it: a run that died may have sharded it before the indexes stood.
  await createMonthCollection(database, month, shardedMessageIndexes);
  await checkpoint('create-months:indexes');
  const spread = await shardsOfMonth(database, month);
  const without = shards.filter((shard) => !spread.includes(shard));
  if (without.length > 0) throw new JobFailed(`${month} lies on ${spread.join(', ')} and not on ${without.join(', ')}`);
  await registerMonth(database, month);
  await checkpoint('create-months:registered');
  return spread;
}

/** The shards that have a part of the month's own range; the ranges before and behind it hold nothing. */
async function shardsOfMonth(database: JobContext['database'], month: MonthYear): Promise<readonly string[]> {
  const chunks = (await readChunks(database, database.messages(month).namespace)) ?? [];
  return [...new Set(chunks.filter(({ min }) => min['monthYear'] === month).map(({ shard }) => shard))].toSorted();
}
