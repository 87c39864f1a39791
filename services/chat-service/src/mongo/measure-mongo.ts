import type { MongoClient } from 'mongodb';
import { isPassing } from '../errors/mongo-errors.js';
import { type ChatMetrics, type MongoCommand, mongoCommands } from '../metrics.js';
import { type DriverOperation, type DriverServer, driverServers } from './driver-servers.js';

/**
 * Codes by which a server ends a read before it has answered all of it: a cursor that is gone (43, 237), a plan whose range
 * has moved away (175), an interruption (11600, 11601, 11602).
 */
const killedReads: ReadonlySet<unknown> = new Set([43, 175, 237, 11_600, 11_601, 11_602]);

/**
 * Counts and times the commands of a connected client and shows its pools, from now on. Around the driver's way to a server and not
 * by its command monitoring, which reads every answer a second time
 * ([ADR 0052](../../../../docs/adr/0052-mongodb-commands-are-measured-around-the-driver.md)).
 *
 * @param elapsedMs Milliseconds since some moment, which only rise.
 */
export function measureMongo(client: MongoClient, metrics: MongoMetrics, elapsedMs: () => number): void {
  const series = new Map(mongoCommands.map((name) => [name as string, seriesOf(metrics, name)]));
  const other = series.get('other') as CommandSeries;
  const measured = new WeakSet<DriverServer>();
  const measure = (): void => {
    for (const server of driverServers(client).values()) {
      if (measured.has(server)) continue;
      measured.add(server);
      const send = server.command.bind(server);
      server.command = async (operation, ...others) => {
        const own = series.get(nameOf(operation)) ?? other;
        const startedAt = elapsedMs();
        try {
          const answer = await send(operation, ...others);
          own.ok.inc();
          return answer;
        } catch (thrown) {
          own.failed(thrown);
          throw thrown;
        } finally {
          own.seconds.observe((elapsedMs() - startedAt) / 1_000);
        }
      };
    }
  };
  measure();
  // Servers that join later.
  client.on('connectionPoolReady', measure);
  client.on('connectionCheckedOut', ({ durationMS }) => metrics.mongoCheckout.observe(durationMS / 1_000));
  const sum = (read: (pool: DriverServer['pool']) => number): number =>
    [...driverServers(client).values()].reduce((total, { pool }) => total + read(pool), 0);
  metrics.mongoConnections.readBy(({ state }) => sum((pool) => pool[countOf[state]]));
  metrics.mongoWaiting.readBy(() => sum((pool) => pool.waitQueueSize));
}

/** Those that are fed here. */
export type MongoMetrics = Pick<
  ChatMetrics,
  'mongoCommands' | 'mongoCommandSeconds' | 'mongoKilledReads' | 'mongoCheckout' | 'mongoConnections' | 'mongoWaiting'
>;

const countOf = {
  available: 'availableConnectionCount',
  in_use: 'currentCheckedOutCount',
  pending: 'pendingConnectionCount',
} as const;

interface CommandSeries {
  readonly ok: { inc(): void };
  readonly seconds: { observe(seconds: number): void };
  failed(error: unknown): void;
}

function seriesOf(metrics: MongoMetrics, command: MongoCommand): CommandSeries {
  const isRead = command === 'find' || command === 'aggregate' || command === 'getMore';
  return {
    ok: metrics.mongoCommands.of({ command, result: 'ok' }),
    seconds: metrics.mongoCommandSeconds.of({ command }),
    failed: (error) => {
      const code = codeOf(error);
      if (isRead && killedReads.has(code)) metrics.mongoKilledReads.inc();
      const result = code === 11_000 ? 'duplicate' : isPassing(error) ? 'unavailable' : 'failed';
      metrics.mongoCommands.inc({ command, result });
    },
  };
}

function nameOf({ commandName, command }: DriverOperation): string {
  if (command === undefined) return commandName;
  for (const name in command) return name;
  return commandName;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
