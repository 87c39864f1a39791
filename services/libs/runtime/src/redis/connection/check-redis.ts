import { Cluster } from 'ioredis';
import { whyDown } from './log-connection-state.js';
import type { RedisClient } from './redis-client.js';
import { askIdentity, onlyReplica } from './server-identity.js';

/**
 * A health check of a client: resolves when commands can be expected to work. That is more than an answer to a ping: a
 * single server must take writes, and of a cluster every master must be connected.
 *
 * @throws Error (rejects) that says what is wrong.
 */
export async function checkRedis(client: RedisClient): Promise<void> {
  demandReady(client);
  try {
    await ask(client);
  } catch (error) {
    demandReady(client); // of a command that was cut off, why the connection ended says more than the driver
    throw error;
  }
}

function demandReady(client: RedisClient): void {
  if (client.status !== 'ready') throw new Error(['not connected', whyDown(client) ?? []].flat().join(': '));
}

async function ask(client: RedisClient): Promise<void> {
  if (client instanceof Cluster) {
    const away = client.nodes('master').filter(({ status }) => status !== 'ready');
    if (away.length > 0) {
      const names = away.map(({ options }) => `${options.host}:${options.port}`).join(', ');
      throw new Error(`not connected to ${names}`);
    }
    await client.ping();
  } else if ((await askIdentity(client))?.isReplica === true) throw new Error(onlyReplica);
}
