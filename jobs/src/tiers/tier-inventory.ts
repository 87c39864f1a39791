import { type ChatDatabase, type MonthDocument, majority, messageCollectionName } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { readChunks, readShards } from '../mongo/cluster/cluster-shards.js';
import { readMonthZone } from '../mongo/cluster/month-zone.js';
import { type DiskSpace, isLockedForBackup, readDiskSpace, readShardBytes } from '../mongo/cluster/shard-bytes.js';
import type { ShardConnections } from '../mongo/cluster/shard-connections.js';
import type { MonthPlacement, TierInventory } from './plan-migrate-tiers.js';

/** Reads all that the moves are decided by: months, where each lies, and the state of the shards. */
export async function readTierInventory(context: JobContext, connections: ShardConnections): Promise<TierInventory> {
  const { database, config, now } = context;
  const shards = await readShards(database);
  const months = await database.months.find({}, { ...majority(30_000), sort: { monthYear: -1 } }).toArray();
  const disks = new Map<string, DiskSpace>();
  const locked: string[] = [];
  for (const { id } of shards) {
    const primary = await connections.primary(id);
    disks.set(id, await readDiskSpace(primary));
    if (await isLockedForBackup(primary)) locked.push(id);
  }
  const placements: MonthPlacement[] = [];
  for (const entry of months)
    placements.push(
      await readPlacement(
        database,
        connections,
        entry,
        shards.map(({ id }) => id),
      ),
    );
  return { now: await now(), policy: config, shards, disks, locked, months: placements };
}

/** Where one month lies, on all shards, also on those that own nothing of it. */
export async function readPlacement(
  database: ChatDatabase,
  connections: ShardConnections,
  entry: MonthDocument,
  shards: readonly string[],
): Promise<MonthPlacement> {
  const collection = messageCollectionName(entry.monthYear);
  const bytes = new Map<string, number>();
  const documents = new Map<string, number>();
  for (const shard of shards) {
    const found = await readShardBytes(await connections.primary(shard), collection);
    if (found.bytes > 0) bytes.set(shard, found.bytes);
    documents.set(shard, found.documents);
  }
  const chunks = await readChunks(database, database.messages(entry.monthYear).namespace);
  return { entry, chunks, zone: await readMonthZone(database, entry.monthYear), bytes, documents };
}
