import {
  isSharded,
  type MonthDocument,
  type MonthState,
  type MonthYear,
  majority,
  messageCollectionName,
  type Tier,
} from '@parlance/storage';
import type { JobContext } from '../job-context.js';
import { readShards } from '../mongo/cluster/cluster-shards.js';
import { readShardBytes } from '../mongo/cluster/shard-bytes.js';
import { ShardConnections } from '../mongo/cluster/shard-connections.js';
import { readPlacement } from '../tiers/tier-inventory.js';

/** One month, as people see it in a table. */
export interface MonthRow {
  readonly month: MonthYear;
  readonly tier: Tier;
  readonly state: MonthState;
  /** Counted when it was sealed; about as many while it is open. */
  readonly messages: number;
  /** On the disks of MongoDB, on all shards together, with what is left on those that it has left. */
  readonly bytes: number;
  /** Shards that own a part of it; empty on a replica set. */
  readonly shards: readonly string[];
  /** Bytes on the disks of shards that own nothing of it. */
  readonly leftBytes: number;
  readonly verifiedAt: Date | null;
  /** Object key of its manifest in the archive. */
  readonly archive: string | null;
  /** What is being done to it: `migrate-tiers: ranges`. */
  readonly work: string | null;
}

/** A month and where its bytes lie. */
export interface MonthSight extends Pick<MonthRow, 'bytes' | 'shards' | 'leftBytes'> {
  readonly entry: MonthDocument;
  /** Records in its collection, about. */
  readonly documents: number;
}

/** All months, the newest first. In a cluster each shard is asked. */
export async function readMonthRows(context: MonthSources): Promise<readonly MonthRow[]> {
  return (await readMonthSights(context)).map(rowOf);
}

/** What months are read from. */
export type MonthSources = Pick<JobContext, 'database' | 'config'>;

/** The same with all that `months` has of them. */
export async function readMonthSights({ database, config }: MonthSources): Promise<readonly MonthSight[]> {
  const entries = await database.months.find({}, { ...majority(30_000), sort: { monthYear: -1 } }).toArray();
  if (!(await isSharded(database))) {
    const sights: MonthSight[] = [];
    for (const entry of entries) {
      const found = await readShardBytes(database.db, messageCollectionName(entry.monthYear));
      sights.push({ entry, ...found, shards: [], leftBytes: 0 });
    }
    return sights;
  }
  await using connections = new ShardConnections(database, config.mongoUri);
  const ids = (await readShards(database)).map(({ id }) => id);
  const sights: MonthSight[] = [];
  for (const entry of entries) {
    const { chunks = [], bytes, documents } = await readPlacement(database, connections, entry, ids);
    const own = chunks.filter(({ min }) => min['monthYear'] === entry.monthYear).map(({ shard }) => shard);
    const shards = [...new Set(own)].toSorted();
    const left = [...bytes].filter(([shard]) => !shards.includes(shard));
    sights.push({
      entry,
      documents: sum(documents.values()),
      bytes: sum(bytes.values()),
      shards,
      leftBytes: sum(left.map(([, each]) => each)),
    });
  }
  return sights;
}

/** A month as a row. */
function rowOf({ entry, documents, ...found }: MonthSight): MonthRow {
  const { monthYear, tier, state, counts, verifiedAt = null, archive, work } = entry;
  return {
    month: monthYear,
    tier,
    state,
    messages: counts ? Number(counts.messages) : documents,
    ...found,
    verifiedAt,
    archive: archive?.manifest ?? null,
    work: work ? `${work.job}: ${work.step}` : null,
  };
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((all, each) => all + each, 0);
}
