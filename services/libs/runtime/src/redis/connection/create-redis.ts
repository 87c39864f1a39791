import { Cluster, Redis } from 'ioredis';
import type { Logger } from 'pino';
import { backoffMs } from '../../waiting/backoff-ms.js';
import { AddressWatch } from './address-watch.js';
import { connectionSettings } from './connection-settings.js';
import { logConnectionState } from './log-connection-state.js';
import type { RedisClient } from './redis-client.js';
import type { RedisOptions } from './redis-options.js';
import { onlyReplica } from './server-identity.js';

/**
 * Makes the client for commands and starts connecting; reconnects forever with a pause of up to 2 s.
 *
 * While Redis is away commands reject at once instead of queueing. An unanswered command rejects after
 * `silenceTimeoutMs`, or `commandTimeoutMs` where given. A single server's client sends nothing twice; a cluster's client
 * tries a command whose connection is gone or breaks up to four times more within 0.2 s, so a command that must not run
 * twice does not belong there (`writeByNode` sends nothing twice). A single server's client makes a new connection when
 * its server turns out to be a replica or its address leads to another one ({@link AddressWatch}). State changes are
 * logged once each. Close it with `disconnect()`. For subscriptions use `ShardedSubscriber`.
 *
 * @param elapsedMs Milliseconds since some moment, which only rise.
 */
export function createRedis(
  options: RedisOptions,
  logger: Pick<Logger, 'info' | 'warn'>,
  elapsedMs: () => number,
): RedisClient {
  const client = options.mode === 'cluster' ? createCluster(options) : createSingle(options, elapsedMs);
  logConnectionState(client, options, logger);
  return client;
}

const reconnectAfterMs = (attempt: number): number => backoffMs(attempt, { firstMs: 50, capMs: 2_000 });

function createSingle(options: RedisOptions, elapsedMs: () => number): Redis {
  const [address] = options.nodes;
  if (address === undefined) throw new Error('Redis needs at least one address');
  let renewedAt = Number.NEGATIVE_INFINITY;
  /** Ends the connection for a new one; at most once a second, since the address may still lead to the same server. */
  const renew = (reason: string): void => {
    if (elapsedMs() - renewedAt < 1_000) return;
    renewedAt = elapsedMs();
    client.stream.destroy(new Error(reason));
  };
  const client = new Redis({
    ...connectionSettings(options),
    ...address,
    enableOfflineQueue: false,
    retryStrategy: reconnectAfterMs,
    reconnectOnError: ({ message }) => {
      if (message.startsWith('READONLY')) renew(onlyReplica);
      return false;
    },
  });
  const watch = new AddressWatch(address, options, client, renew);
  client.once('end', () => watch.stop());
  return client;
}

function createCluster(options: RedisOptions): Cluster {
  if (options.nodes.length === 0) throw new Error('Redis needs at least one address');
  const cluster = new Cluster(
    options.nodes.map((node) => ({ ...node })),
    {
      redisOptions: connectionSettings(options),
      // Names stay names until a connection is made: certificates carry them, and what they lead to may change.
      dnsLookup: (address, done) => done(null, address),
      enableOfflineQueue: false,
      slotsRefreshInterval: 1_000,
      slotsRefreshTimeout: 500,
      maxRedirections: 4,
      retryDelayOnFailover: 50,
      retryDelayOnClusterDown: 50,
      retryDelayOnTryAgain: 50,
      clusterRetryStrategy: reconnectAfterMs,
    },
  );
  cluster.on('ready', () => connectMasters(cluster));
  cluster.on('refresh', () => connectMasters(cluster));
  return cluster;
}

/**
 * ioredis connects to a node with its first command; connecting at once means that no command has to wait for it.
 * Not before the cluster is ready: ioredis' own readiness check refuses a node that is just connecting.
 */
function connectMasters(cluster: Cluster): void {
  if (cluster.status !== 'ready') return;
  for (const node of cluster.nodes('master')) if (node.status === 'wait') node.connect().catch(() => {});
}
