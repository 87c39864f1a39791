import { Cluster } from 'ioredis';
import type { Logger } from 'pino';
import type { RedisClient } from './redis-client.js';

/**
 * Logs when a client loses or regains Redis, once per change and not per attempt; for a cluster also per node.
 * Takes over the client's `error` events, which would otherwise end the process.
 */
export function logConnectionState(client: RedisClient, logger: Pick<Logger, 'info' | 'warn'>): void {
  const whole = new LoggedState('Redis', logger);
  client.on('ready', () => whole.up());
  client.on('error', (error: Error) => whole.down(error));
  // A client that was told to disconnect ends after closing; every other one starts to reconnect.
  client.on('close', () => setImmediate(() => client.status === 'end' || whole.down()));
  if (client instanceof Cluster) logNodes(client, logger);
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
    if (cluster.status === 'ready' && !isConnected(key)) stateOf(key).down(error);
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

  up(): void {
    if (this.state === 'up') return;
    this.state = 'up';
    this.logger.info(`${this.subject} is connected`);
  }

  down(error?: Error): void {
    if (this.state === 'down') return;
    this.state = 'down';
    this.logger.warn({ reason: error?.message ?? 'connection closed' }, `${this.subject} is not reachable`);
  }
}
