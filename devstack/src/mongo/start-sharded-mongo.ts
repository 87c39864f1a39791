import { findMongod } from '../binaries/find-mongod.js';
import { loadLocations } from '../locations.config.js';
import { demandPorts } from '../ports/demand-ports.js';
import { allOrNone } from '../process/all-or-none.js';
import type { ServerNode } from '../process/server-node.js';
import { sweptOnce } from '../process/start-process.js';
import { type ServerOptions, startServerNode } from '../process/start-server-node.js';
import { silentProgress } from '../progress.js';
import { reasonOf } from '../reason-of.js';
import { clusterAddresses } from './cluster-addresses.js';
import { findRouter } from './find-router.js';
import { joinShards } from './join-shards.js';
import {
  type PartOfCluster,
  planShardedCluster,
  type ShardTier,
  serverNames,
  usualCluster,
} from './plan-sharded-cluster.js';
import { type ReplicaSet, type ReplicaSetSpec, startReplicaSet } from './start-replica-set.js';

/** Ranges that moved away are deleted after a second instead of fifteen minutes: nobody reads from secondaries for long here. */
const LIGHT = { orphanCleanupDelaySecs: 1 } as const;

/**
 * Starts a real sharded MongoDB on 127.0.0.1: config servers, shards in the zones of their tiers, and a router (a real
 * mongos where one is found). Resolves when the router takes reads and writes. Existing data in `dataDir` is kept and stays
 * on the ports it was made with. On failure nothing stays running.
 */
export async function startShardedMongo(options: ShardedMongoOptions): Promise<ShardedMongo> {
  const { signal, progress = silentProgress, dataDir } = options;
  const timeoutMs = options.readyTimeoutMs ?? 60_000;
  const binary = await findMongod(progress, { signal });
  const router = await findRouter(binary, progress, { locations: loadLocations(), signal });
  await sweptOnce(options.ledgerDir ?? loadLocations().ledgerDir);
  const plan = planShardedCluster(usualCluster(options));
  const names = serverNames(plan);
  const ports = await clusterAddresses(dataDir, names, () => demandPorts(options.ports, names.length, 'MongoDB'));
  const portOf = (name: string): number => ports.get(name) as number;
  const start = (name: string, nodes: readonly string[], more: Partial<ReplicaSetSpec>): Promise<ReplicaSet> =>
    startReplicaSet(
      {
        name,
        binary,
        ports: nodes.map(portOf),
        nodeName: (index) => nodes[index] as string,
        electionTimeoutMillis: options.electionTimeoutMillis ?? 2_000,
        wiredTigerCacheGB: options.wiredTigerCacheGB ?? 0.25,
        role: 'shardsvr',
        setParameters: { ...LIGHT, ...options.setParameters },
        ...more,
      },
      options,
    );
  const [config, ...sets] = await allOrNone([
    start(plan.config.name, plan.config.nodes, { role: 'configsvr' }),
    ...plan.shards.map(({ name, tier, nodes }) =>
      start(name, nodes, tier === 'cold' ? { blockCompressor: 'zstd' } : {}),
    ),
  ]);
  if (config === undefined) throw new Error('a cluster needs config servers');
  const shards = plan.shards.map(({ name, tier }, index): Shard => ({ ...(sets[index] as ReplicaSet), name, tier }));
  const port = portOf(plan.router);
  const started: ServerNode[] = [...config.nodes, ...shards.flatMap(({ nodes }) => nodes)];
  const uri = `mongodb://127.0.0.1:${port}/`;
  try {
    const args = (): readonly string[] => router.args(port, config.hosts);
    started.push(await startServerNode({ name: plan.router, binary: router.binary, port, args }, options, timeoutMs));
    if (options.join !== 'later') await joinShards(uri, shards, timeoutMs);
  } catch (error) {
    await Promise.all(started.map((node) => node.stop()));
    throw new Error(`The sharded MongoDB did not come together: ${reasonOf(error)}`, { cause: error });
  }
  return {
    uri,
    version: binary.version,
    router: started.at(-1) as ServerNode,
    routerProgram: router.text,
    config,
    shards,
    nodes: started,
    stop: async () => {
      // A shard waits for config servers that are gone while it stops.
      await started.at(-1)?.stop();
      await Promise.all(shards.map((shard) => shard.stop()));
      await config.stop();
    },
    kill: async () => void (await Promise.all(started.map((node) => node.kill()))),
  };
}

/** See {@link startShardedMongo}. `ports`: one for each config server, shard member and the router, in this order. */
export interface ShardedMongoOptions extends ServerOptions, PartOfCluster {
  /** Default "now": shards are added and put into zones. "later": whoever starts it does that. */
  readonly join?: 'now' | 'later';
  /** How long members wait for a silent primary before they elect another; default 2000. */
  readonly electionTimeoutMillis?: number;
  /** Of each mongod; default 0.25, the least it accepts. */
  readonly wiredTigerCacheGB?: number;
  /** Further `--setParameter name=value` of each mongod. */
  readonly setParameters?: Readonly<Record<string, string | number | boolean>>;
}

/** A running sharded MongoDB. */
export interface ShardedMongo {
  /** For `MongoClient`: the router, no database. */
  readonly uri: string;
  /** Of mongod: "6.0.5". */
  readonly version: string;
  /** "mongo-router"; a test may kill and restart it. */
  readonly router: ServerNode;
  /** What routes, for people: "mongos 8.0.17 (PATH)". */
  readonly routerProgram: string;
  /** The config servers: "mongo-config", or "mongo-config-1" to "mongo-config-3". */
  readonly config: ReplicaSet;
  /** In the order hot, warm, cold. */
  readonly shards: readonly Shard[];
  /** All servers, the router last. */
  readonly nodes: readonly ServerNode[];
  /** Stops all servers; data stays. */
  stop(): Promise<void>;
  /** Ends all servers at once, where nobody needs their data any more. */
  kill(): Promise<void>;
}

/** A shard: a replica set that can also be asked directly, by its `uri`. Its nodes are "mongo-hot-1", or "mongo-hot-1-1" ... */
export interface Shard extends ReplicaSet {
  /** "hot-1": the shard's name in the cluster and its replica set's. */
  readonly name: string;
  /** Its tier, which is also its zone. */
  readonly tier: ShardTier;
}
