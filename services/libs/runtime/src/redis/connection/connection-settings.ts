import type { RedisOptions as IoredisOptions } from 'ioredis';
import { forgiveOwnStalls } from './own-stall.js';
import type { RedisOptions } from './redis-options.js';

forgiveOwnStalls();

/**
 * The ioredis settings that every connection of ours shares: answers are bounded in time, a silent server counts as
 * dead, and a connection that broke reports what was under way instead of sending it again.
 */
export function connectionSettings(options: RedisOptions) {
  return {
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.tls === true ? { tls: {} } : {}),
    ...(options.connectionName === undefined ? {} : { connectionName: options.connectionName }),
    connectTimeout: options.connectTimeoutMs ?? 2_000,
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeout: options.commandTimeoutMs }),
    // Starts with a command and ends with the answer, so an idle connection is left alone.
    socketTimeout: options.silenceTimeoutMs ?? 1_500,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    keepAlive: 10_000,
  } satisfies IoredisOptions;
}
