import { setTimeout as delay } from 'node:timers/promises';
import type { RedisJobsConfig } from '../../config.js';
import { JobFailed } from '../../job-failed.js';
import type { Waiting } from './await-nodes.js';
import { RedisNodes } from './redis-nodes.js';

/** Pause between two attempts, milliseconds. */
const everyMs = 500;

/**
 * Opens a connection to every node that the configuration names. Waits for those that do not answer yet, and until there
 * are at least so many of them; when the time is over it rejects with JobFailed where one does not answer, and else gives
 * those that there are.
 */
export async function openNodes(least: number, config: RedisJobsConfig, waiting: Waiting): Promise<RedisNodes> {
  const { progress, signal, elapsedMs, patienceMs } = waiting;
  const { redisNodes, redisUsername: username, redisPassword: password, redisTls: tls } = config;
  const endsAt = elapsedMs() + patienceMs;
  return await progress.during('connecting to the Redis nodes', async (report) => {
    for (;;) {
      signal.throwIfAborted();
      const isLast = elapsedMs() >= endsAt;
      const nodes = await RedisNodes.open(redisNodes, { username, password, tls }).catch((thrown: unknown) => {
        if (!(thrown instanceof JobFailed) || isLast) throw thrown;
        return thrown;
      });
      if (nodes instanceof RedisNodes && (nodes.size >= least || isLast)) return nodes;
      report(nodes instanceof RedisNodes ? `${nodes.size} of ${least} found` : nodes.message);
      if (nodes instanceof RedisNodes) nodes[Symbol.dispose]();
      await delay(everyMs);
    }
  });
}
