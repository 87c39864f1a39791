import { type Document, MongoClient } from 'mongodb';
import type { ShardTier } from './plan-sharded-cluster.js';

/** Makes replica sets the shards of a cluster, each in its tier's zone. Repeating it changes nothing. */
export async function joinShards(routerUri: string, shards: readonly JoiningShard[], timeoutMs: number): Promise<void> {
  const client = new MongoClient(routerUri, { serverSelectionTimeoutMS: timeoutMs, maxPoolSize: 2 });
  try {
    const admin = client.db('admin');
    const known = (await admin.command({ listShards: 1 }))['shards'] as readonly Document[];
    for (const { name, hosts, tier } of shards) {
      const there = known.find(({ _id }) => _id === name);
      if (there === undefined) await admin.command({ addShard: hosts, name });
      const tags = (there?.['tags'] ?? []) as readonly string[];
      if (!tags.includes(tier)) await admin.command({ addShardToZone: name, zone: tier });
    }
  } finally {
    await client.close();
  }
}

/** A replica set that is to be a shard. */
export interface JoiningShard {
  readonly name: string;
  readonly tier: ShardTier;
  /** "name/host,host". */
  readonly hosts: string;
}
