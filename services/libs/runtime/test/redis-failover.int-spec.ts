import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeByNode } from '../src/redis/cluster/write-by-node.js';
import { checkRedis } from '../src/redis/connection/check-redis.js';
import { createRedis } from '../src/redis/connection/create-redis.js';
import type { RedisClient } from '../src/redis/connection/redis-client.js';
import type { RedisOptions } from '../src/redis/connection/redis-options.js';
import { ShardedSubscriber } from '../src/redis/subscription/sharded-subscriber.js';
import { eventually } from './fixtures/eventually.js';
import { type MovingAddress, startMovingAddress } from './fixtures/moving-address.js';
import { type RedisNode, startRedisNode } from './fixtures/start-redis-node.js';
import { watchSubscriber } from './fixtures/watch-subscriber.js';

const logger = { info: vi.fn(), warn: vi.fn() };
let one: RedisNode;
let two: RedisNode;
let moving: MovingAddress;
let client: RedisClient;
let subscriber: ShardedSubscriber;

beforeEach(async () => {
  [one, two] = await Promise.all([startRedisNode(), startRedisNode()]);
  moving = await startMovingAddress(one.port);
  const options: RedisOptions = { mode: 'single', nodes: [moving.address] };
  client = createRedis(options, logger, () => performance.now());
  subscriber = new ShardedSubscriber(options, logger, { elapsedMs: () => performance.now() });
  await eventually(() => client.status === 'ready');
});
afterEach(async () => {
  client.disconnect();
  subscriber.close();
  await moving[Symbol.asyncDispose]();
  await Promise.all([one.stop(), two.stop()]);
  vi.clearAllMocks();
});

describe('a single server behind an address that moves, old connections kept', () => {
  it('is left for the one that the address leads to, although it answers as before', async () => {
    const watch = watchSubscriber(subscriber);
    await subscriber.subscribe('a');
    moving.port = two.port;
    await eventually(async () => {
      await client.set('k', 'v').catch(() => {});
      return (await two.admin.get('k')) === 'v';
    });
    await watch.until(() => watch.channelsThatWent('up').length === 1);
    expect(watch.changes[0]).toMatchObject({ state: 'down', reason: 'the address leads to another server' });
    expect(await two.admin.spublish('a', 'here')).toBe(1);
    await watch.until(() => watch.messages.length === 1);
    expect(logger.warn).toHaveBeenCalledWith(
      { reason: 'the address leads to another server' },
      'Redis is not reachable',
    );
  });

  it('is left with the first write that a replica does not take', async () => {
    await one.admin.call('REPLICAOF', '127.0.0.1', two.port);
    moving.port = two.port;
    expect(await writeByNode(client, [{ key: 'k', commands: [['set', 'k', 'v']] }])).toMatchObject({ failed: 1 });
    await eventually(() =>
      client.set('k', 'v').then(
        () => true,
        () => false,
      ),
    );
    expect(await two.admin.get('k')).toBe('v');
  });

  it('is no place to subscribe while it is a replica, and the health check says so', async () => {
    const watch = watchSubscriber(subscriber);
    await subscriber.subscribe('a');
    await expect(checkRedis(client)).resolves.toBeUndefined();
    await one.admin.call('REPLICAOF', '127.0.0.1', two.port);
    await watch.until(() => watch.channelsThatWent('down').length === 1);
    await expect(checkRedis(client)).rejects.toThrow(/replica|not connected|isn't writeable/);
    expect(subscriber.status()).toEqual({ wanted: 1, confirmed: 0, interrupted: 1 });
    await one.admin.call('REPLICAOF', 'NO', 'ONE');
    await watch.until(() => watch.channelsThatWent('up').length === 1);
  });
});
