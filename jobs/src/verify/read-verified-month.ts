import { type MonthDigest, type MonthDocument, majority, messageCollectionName } from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import type { ClusterShard } from '../mongo/cluster/cluster-shards.js';
import { type PendingDeletions, readRangeDeletions } from '../mongo/cluster/range-deletions.js';
import type { ShardConnections } from '../mongo/cluster/shard-connections.js';
import { countMonth } from '../months/month-registry.js';
import { readMonthDigest } from '../tiers/month-digest.js';
import { readPlacement } from '../tiers/tier-inventory.js';
import type { VerifiedMonth } from './month-faults.js';

/** The cluster that a month is looked for in. */
export interface VerifiedCluster {
  readonly connections: ShardConnections;
  readonly shards: readonly ClusterShard[];
}

/** Looks at one month. With `reads` its records are counted and digested, which reads all of it; only of a sealed one. */
export async function readVerifiedMonth(
  { database, progress, signal }: JobContext,
  entry: MonthDocument,
  cluster: VerifiedCluster | undefined,
  reads: boolean,
): Promise<VerifiedMonth> {
  const { monthYear: month } = entry;
  const [stands, isWorkedOn] = await Promise.all([standing(database, entry), isLeaseHeld(database)]);
  const found = { entry, stands, isWorkedOn, ...(cluster && { cluster: await inCluster(database, entry, cluster) }) };
  if (!reads || stands.kind !== 'collection' || entry.state === 'OPEN') return found;
  const counts = await progress.during(`counting ${month}`, () => countMonth(database, month, signal));
  const total = Number(counts.messages) + Number(counts.rooms) + Number(counts.voids);
  const digest: MonthDigest = await progress.during(`reading ${month}`, (tell) =>
    readMonthDigest(database, month, signal, tell, total),
  );
  return { ...found, counts, digest };
}

async function standing(
  database: JobContext['database'],
  { monthYear }: MonthDocument,
): Promise<VerifiedMonth['stands']> {
  const [found] = await database.db
    .listCollections({ name: messageCollectionName(monthYear) }, { nameOnly: false })
    .toArray();
  if (!found) return { kind: 'nothing' };
  return found.type === 'view' ? { kind: 'view' } : { kind: 'collection', uuid: found.info?.uuid?.toString('hex') };
}

async function isLeaseHeld(database: JobContext['database']): Promise<boolean> {
  return (await database.leases.findOne({ _id: 'jobs', $expr: { $gt: ['$until', '$$NOW'] } }, majority())) !== null;
}

async function inCluster(
  database: JobContext['database'],
  entry: MonthDocument,
  { connections, shards }: VerifiedCluster,
): Promise<NonNullable<VerifiedMonth['cluster']>> {
  const { namespace } = database.messages(entry.monthYear);
  const pending = new Map<string, PendingDeletions>();
  for (const { id } of shards) pending.set(id, await readRangeDeletions(await connections.primary(id), namespace));
  const placement = await readPlacement(
    database,
    connections,
    entry,
    shards.map(({ id }) => id),
  );
  return { shards, placement, pending };
}
