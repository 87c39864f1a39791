import { findRedis } from '../binaries/find-redis.js';
import type { ServerProduct } from '../binaries/found-server.js';
import { loadLocations } from '../locations.config.js';
import { demandPorts } from '../ports/demand-ports.js';
import { allOrNone } from '../process/all-or-none.js';
import type { ServerNode } from '../process/server-node.js';
import { sweptOnce } from '../process/start-process.js';
import { abandon, type ServerOptions, startServerNode } from '../process/start-server-node.js';
import { silentProgress } from '../progress.js';
import { formCluster } from './form-cluster.js';
import { redisArguments } from './redis-arguments.js';

/** Masters of a cluster; each has one replica. */
const MASTERS = 3;

/**
 * Starts a real Redis (or Valkey) on 127.0.0.1: one server, or a cluster of three masters with a replica each, and resolves
 * when all of it answers. Nothing is written to disk but the cluster's map of itself: after a restart the cluster is the same
 * and empty. On failure nothing stays running and the error quotes the last log lines.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServers> {
  const { mode, signal, settings, nodeTimeoutMs = 2_000 } = options;
  const timeoutMs = options.readyTimeoutMs ?? 60_000;
  const binary = await findRedis(options.progress ?? silentProgress, { signal });
  await sweptOnce(options.ledgerDir ?? loadLocations().ledgerDir);
  const count = mode === 'cluster' ? 2 * MASTERS : 1;
  const ports = await demandPorts(options.ports, count, 'Redis');
  const busPorts = mode === 'cluster' ? await demandPorts(options.busPorts, count, 'The Redis cluster bus') : [];
  const start = (port: number, index: number): Promise<ServerNode> => {
    const busPort = busPorts[index];
    const cluster = busPort === undefined ? undefined : { busPort, nodeTimeoutMs };
    const name = cluster === undefined ? 'redis' : `redis-${index + 1}`;
    return startServerNode(
      { name, binary, port, args: (dataDir) => redisArguments({ port, dataDir, cluster, settings }) },
      options,
      timeoutMs,
    );
  };
  const nodes = await allOrNone(ports.map(start));
  if (mode === 'cluster') {
    try {
      const endpoints = ports.map((port, index) => ({ port, busPort: busPorts[index] as number }));
      await formCluster(endpoints, { masters: MASTERS, timeoutMs, signal });
    } catch (error) {
      throw await abandon(nodes, 'The Redis cluster did not come together', error);
    }
  }
  return {
    mode,
    product: binary.product,
    version: binary.version,
    nodes,
    addresses: nodes.map(({ address }) => address),
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
}

/** See {@link startRedis}. */
export interface RedisOptions extends ServerOptions {
  readonly mode: 'single' | 'cluster';
  /** The six ports the nodes of a cluster talk to each other on; default: free ones. */
  readonly busPorts?: readonly number[];
  /** How long a cluster node may be silent before it is failed over; default 2000. */
  readonly nodeTimeoutMs?: number;
  /** Further directives of redis.conf, by name. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** A running Redis. */
export interface RedisServers {
  readonly mode: 'single' | 'cluster';
  /** "redis" or "valkey". */
  readonly product: ServerProduct;
  /** "7.0.15". */
  readonly version: string;
  /** "redis", or "redis-1" to "redis-6": the first three are masters when the cluster is new. */
  readonly nodes: readonly ServerNode[];
  /** "127.0.0.1:6479" of every node; joined by commas it is `REDIS_NODES`. */
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}
