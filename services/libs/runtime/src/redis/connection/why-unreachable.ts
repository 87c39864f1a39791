import { Redis } from 'ioredis';
import { connectionSettings } from './connection-settings.js';
import type { RedisOptions } from './redis-options.js';

/**
 * Connects once to the start addresses and resolves with what went wrong at the first that fails, or with nothing when all
 * take connections. The cluster client of ioredis tells of a refused certificate, a wrong password or a name that does
 * not resolve only `Connection is closed.`
 */
export async function whyUnreachable(options: RedisOptions): Promise<string | undefined> {
  const faults = await Promise.all(
    options.nodes.map(async (address) => {
      const attempt = new Redis({
        ...connectionSettings(options),
        ...address,
        lazyConnect: true,
        enableReadyCheck: false,
        retryStrategy: () => null,
      });
      let fault: string | undefined;
      attempt.on('error', ({ message }: Error) => (fault ??= `${address.host}:${address.port}: ${message}`));
      await attempt.connect().catch(() => {});
      attempt.disconnect();
      return fault;
    }),
  );
  return faults.find((fault) => fault !== undefined);
}
