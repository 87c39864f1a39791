import type { Metrics } from '../../metrics/create-metrics.js';
import type { RedisLink } from './redis-link.js';

/** Declares what a process says of its connections to Redis, by what it has them for. */
export function declareRedisMetrics<const Connection extends string>(
  { counter, gauge, prefix }: Metrics,
  connections: readonly Connection[],
): RedisMetrics<Connection> {
  const up = gauge({
    name: `${prefix}_redis_connection_up`,
    doc: 'Whether a connection to Redis is there and of use, of a cluster to every node that it needs: 1 or 0.',
    labels: { connection: connections },
  });
  const reconnections = counter({
    name: `${prefix}_redis_reconnections_total`,
    doc: 'Times that a connection to Redis was back after it was lost; a cluster counts as one, which is lost with its last node.',
    labels: { connection: connections },
  });
  const inFlight = gauge({
    name: `${prefix}_redis_commands_in_flight`,
    doc: 'Commands that Redis has not answered yet, of all connections together.',
  });
  const links = new Map<Connection, RedisLink>();
  up.readBy(({ connection }) => Number(links.get(connection)?.isUp() ?? false));
  inFlight.readBy(() => [...links.values()].reduce((sum, { inFlight: own }) => sum + (own?.() ?? 0), 0));
  return {
    watch: (connection, link) => {
      links.set(connection, link);
      const series = reconnections.of({ connection });
      link.onBack(() => series.inc());
    },
  };
}

/** What is shown of a process's connections to Redis. */
export interface RedisMetrics<Connection extends string> {
  /** Says what a connection is; until then it is down. */
  watch(connection: Connection, link: RedisLink): void;
}
