import { Cluster } from 'ioredis';
import type { Logger } from 'pino';
import type { RedisClient } from './redis-client.js';
import type { RedisOptions } from './redis-options.js';
import { whyUnreachable } from './why-unreachable.js';

const states = new WeakMap<RedisClient, LoggedState>();
const closed = 'connection closed';

/**
 * Logs when a client loses or regains Redis and why, once per change and not per attempt; for a cluster also per node.
 * Takes over the client's `error` events, which would otherwise end the process.
 */
export function logConnectionState(
  client: RedisClient,
  options: RedisOptions,
  logger: Pick<Logger, 'info' | 'warn'>,
): void {
  const whole = new LoggedState('Redis', logger);
  states.set(client, whole);
  client.on('ready', () => whole.up());
  if (client instanceof Cluster) {
    logWhole(client, whole, options);
    logNodes(client, logger);
    return;
  }
  client.on('error', ({ message }: Error) => whole.down(message));
  // A client that was told to disconnect ends after closing; every other one starts to reconnect.
  client.on('close', () => setImmediate(() => client.status === 'end' || whole.down(closed)));
}

/** Why a client whose state is logged is not connected, as far as is known; undefined while it is. */
export function whyDown(client: RedisClient): string | undefined {
  return states.get(client)?.why;
}

/** The reason is asked for at the nodes themselves, once at a time and while it is not known. */
function logWhole(cluster: Cluster, whole: LoggedState, options: RedisOptions): void {
  let isAsking = false;
  const ask = async (fallback: string): Promise<void> => {
    if (isAsking || whole.why !== undefined) return;
    isAsking = true;
    const why = await whyUnreachable(options);
    isAsking = false;
    if (cluster.status !== 'ready' && cluster.status !== 'end') whole.down(why ?? fallback);
  };
  cluster.on('error', ({ message }: Error) => void ask(message));
  // Not 'close', which comes too when it was told to disconnect.
  cluster.on('reconnecting', () => void ask(closed));
}

function logNodes(cluster: Cluster, logger: Pick<Logger, 'info' | 'warn'>): void {
  const nodes = new Map<string, LoggedState>();
  const stateOf = (key: string): LoggedState => {
    const known = nodes.get(key) ?? new LoggedState(`Redis node ${key}`, logger);
    nodes.set(key, known);
    return known;
  };
  const isConnected = (key: string): boolean =>
    cluster
      .nodes('master')
      .some(({ status, options }) => status === 'ready' && `${options.host}:${options.port}` === key);
  cluster.on('node error', (error: Error, key: string) => {
    // Errors of the connections that ask for the slots come here too; they say nothing while the node itself is connected.
    if (cluster.status === 'ready' && !isConnected(key)) stateOf(key).down(error.message);
  });
  cluster.on('refresh', () => {
    for (const [key, state] of nodes) if (isConnected(key)) state.up();
  });
}

class LoggedState {
  private state: 'new' | 'up' | 'down' = 'new';

  constructor(
    private readonly subject: string,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /** Why it is down; undefined while it is not. */
  why: string | undefined;

  up(): void {
    this.why = undefined;
    if (this.state === 'up') return;
    this.state = 'up';
    this.logger.info(`${this.subject} is connected`);
  }

  down(reason: string): void {
    this.why ??= reason;
    if (this.state === 'down') return;
    this.state = 'down';
    this.logger.warn({ reason }, `${this.subject} is not reachable`);
  }
}
