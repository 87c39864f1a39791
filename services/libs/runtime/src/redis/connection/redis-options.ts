import type { ConfigDefinition, ConfigOf } from '../../config/declaration/define-config.js';
import type { redisVariables } from '../../config/variables/redis-variables.js';

/** How to reach Redis. One shape for `createRedis` and `ShardedSubscriber`. */
export interface RedisOptions {
  /** `cluster` speaks to a Redis or Valkey Cluster (7 or newer), `single` to one server. */
  readonly mode: 'single' | 'cluster';
  /** At least one address. `single` uses the first; `cluster` discovers the rest. */
  readonly nodes: readonly RedisAddress[];
  /** ACL user; the default user when absent. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** TLS with certificate verification. Default false. */
  readonly tls?: boolean | undefined;
  /** Shown by `CLIENT LIST`. Default: none. */
  readonly connectionName?: string | undefined;
  /**
   * How long one command may take before its promise rejects, in milliseconds. Default: as long as its connection, which
   * `silenceTimeoutMs` bounds at no cost per command.
   */
  readonly commandTimeoutMs?: number | undefined;
  /** How long a TCP or TLS connection may take. Default 2000 ms. */
  readonly connectTimeoutMs?: number | undefined;
  /** A connection that owes an answer and sends nothing for this long is dropped as hung. Default 1500 ms. */
  readonly silenceTimeoutMs?: number | undefined;
}

/** One server address. IPv6 without brackets. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** Makes `RedisOptions` of the values of `redisVariables`. */
export function redisOptionsOf(config: RedisConfig, connectionName?: string): RedisOptions {
  return {
    mode: config.redisMode,
    nodes: config.redisNodes,
    username: config.redisUsername,
    password: config.redisPassword,
    tls: config.redisTls,
    connectionName,
  };
}

/** The values of `redisVariables`. */
export type RedisConfig = ConfigOf<ConfigDefinition<typeof redisVariables>>;
