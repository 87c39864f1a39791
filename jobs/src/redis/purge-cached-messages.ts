import { createRedis, type RedisClient, redisOptionsOf } from '@parlance/runtime';
import { Cluster } from 'ioredis';
import type { JobContext } from '../job-context.js';

/** Longest wait for Redis to be reached, milliseconds. */
const patienceMs = 15_000;

/** The cache of a room's newest messages, of whichever epoch of its log: `redisKeys.messages` of the chat service. */
const cacheKey = /^chat:room:\{(.+)\}:messages(?::\d+)?$/;

/**
 * Deletes the cached messages of rooms, and answers how many keys that were; undefined when Redis is not reached. They expire
 * by themselves within a day. It looks through all keys once, on every master.
 */
export async function purgeCachedMessages(
  roomIds: ReadonlySet<string>,
  { config, elapsedMs }: Pick<JobContext, 'config' | 'elapsedMs'>,
): Promise<number | undefined> {
  const client = createRedis(redisOptionsOf(config, 'jobs'), { info: () => {}, warn: () => {} }, elapsedMs);
  try {
    if (!(await isReady(client))) return undefined;
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    let purged = 0;
    for (const node of nodes) {
      for await (const keys of node.scanStream({ match: 'chat:room:*', count: 1_000 }) as AsyncIterable<string[]>) {
        const ours = keys.filter((key) => roomIds.has(cacheKey.exec(key)?.[1] ?? ''));
        for (const key of ours) purged += await client.unlink(key);
      }
    }
    return purged;
  } catch {
    return undefined; // The certificate says so.
  } finally {
    client.disconnect();
  }
}

async function isReady(client: RedisClient): Promise<boolean> {
  if (client.status === 'ready') return true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs);
    client.once('ready', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
