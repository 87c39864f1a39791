import type { ShardedMongo } from '@parlance/devstack';
import type { ChatDatabase } from '@parlance/storage';
import { MongoClient } from 'mongodb';

/** What looking at all logs cost. */
export interface AuditCost {
  readonly seconds: number;
  /** Index keys and documents that all shards have looked at for it. */
  readonly keys: number;
  readonly documents: number;
}

/** The audit, and the plainest way to know how many records there are. */
export interface AuditReport {
  readonly audit: AuditCost;
  readonly count: AuditCost;
  /** Records of all months. */
  readonly records: number;
  /** The router is that of the devstack, to which even `count` of a whole collection is an aggregation. */
  readonly countsByReading: boolean;
}

/** Runs the audit, which `audit` does, and counts every record of every month that has a collection. */
export async function measureAudit(
  database: ChatDatabase,
  cluster: ShardedMongo,
  audit: () => Promise<void>,
): Promise<AuditReport> {
  const shards = cluster.shards.map(({ uri }) => new MongoClient(uri));
  try {
    const audited = await costOf(shards, audit);
    let records = 0;
    const months = await database.months.find().toArray();
    const counted = await costOf(shards, async () => {
      for (const { monthYear } of months) {
        const [found] = await database
          .messages(monthYear)
          .aggregate<{ readonly count: number }>([{ $group: { _id: null, count: { $sum: 1 } } }])
          .toArray();
        records += found?.count ?? 0;
      }
    });
    return { audit: audited, count: counted, records, countsByReading: !cluster.routerProgram.startsWith('mongos') };
  } finally {
    await Promise.all(shards.map((shard) => shard.close()));
  }
}

async function costOf(shards: readonly MongoClient[], work: () => Promise<void>): Promise<AuditCost> {
  const before = await looksOf(shards);
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await looksOf(shards);
  return { seconds, keys: after.keys - before.keys, documents: after.documents - before.documents };
}

/** Keys and documents that queries have looked at since the shards were started. */
async function looksOf(shards: readonly MongoClient[]): Promise<{ readonly keys: number; readonly documents: number }> {
  const all = await Promise.all(shards.map((shard) => shard.db('admin').command({ serverStatus: 1, metrics: 1 })));
  const executors = all.map(({ metrics }) => (metrics as ServerMetrics).queryExecutor);
  return {
    keys: executors.reduce((sum, { scanned }) => sum + scanned, 0),
    documents: executors.reduce((sum, { scannedObjects }) => sum + scannedObjects, 0),
  };
}

interface ServerMetrics {
  readonly queryExecutor: { readonly scanned: number; readonly scannedObjects: number };
}
