const TIERS: readonly ShardTier[] = ['hot', 'warm', 'cold'];

/** The servers of a sharded cluster, by name, in the order their ports are given out: config servers, shards by tier, router. */
export function planShardedCluster(wanted: WantedCluster): ClusterPlan {
  const shards = TIERS.flatMap((tier) =>
    Array.from({ length: wanted.shards[tier] }, (_, index): PlannedSet => {
      const name = `${tier}-${index + 1}`;
      return { name, tier, nodes: members(`mongo-${name}`, wanted.shardReplicas[tier]) };
    }),
  );
  return {
    config: { name: 'config', nodes: members('mongo-config', wanted.configReplicas) },
    shards,
    router: 'mongo-router',
  };
}

/** Where months lie; a zone of the same name has the shards of that tier. Never the archive, which is no MongoDB. */
export type ShardTier = 'hot' | 'warm' | 'cold';

/** How large a cluster is to be. */
export interface WantedCluster {
  /** Shards of each tier. */
  readonly shards: Readonly<Record<ShardTier, number>>;
  /** Members of each shard of a tier. */
  readonly shardReplicas: Readonly<Record<ShardTier, 1 | 3>>;
  readonly configReplicas: 1 | 3;
}

/** See {@link planShardedCluster}. */
export interface ClusterPlan {
  readonly config: { readonly name: string; readonly nodes: readonly string[] };
  readonly shards: readonly PlannedSet[];
  readonly router: string;
}

/** One shard: its name is also its replica set's. */
export interface PlannedSet {
  readonly name: string;
  readonly tier: ShardTier;
  readonly nodes: readonly string[];
}

/** Names of all servers of a plan, in order. */
export function serverNames({ config, shards, router }: ClusterPlan): readonly string[] {
  return [...config.nodes, ...shards.flatMap(({ nodes }) => nodes), router];
}

/** Names of all servers of the usual cluster: two hot shards, one warm, one cold; `replicas` config servers and members of each hot shard. */
export function shardedServers(replicas: 1 | 3): readonly string[] {
  return serverNames(planShardedCluster(usualCluster({ shardReplicas: { hot: replicas }, configReplicas: replicas })));
}

/** What is wanted where only a part is said. */
export function usualCluster({ shards, shardReplicas, configReplicas = 1 }: PartOfCluster): WantedCluster {
  return {
    shards: { hot: 2, warm: 1, cold: 1, ...shards },
    shardReplicas: { hot: 1, warm: 1, cold: 1, ...shardReplicas },
    configReplicas,
  };
}

/** See {@link usualCluster}. */
export interface PartOfCluster {
  /** Shards of each tier; default two hot, one warm, one cold. */
  readonly shards?: Partial<Readonly<Record<ShardTier, number>>>;
  /** Members of each shard of a tier; default 1. */
  readonly shardReplicas?: Partial<Readonly<Record<ShardTier, 1 | 3>>>;
  /** Members of the config replica set; default 1. */
  readonly configReplicas?: 1 | 3;
}

function members(name: string, count: number): readonly string[] {
  return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}
