import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics } from '../src/metrics/create-metrics.js';
import { renderMetrics } from '../src/metrics/render-metrics.js';
import { writeByNode } from '../src/redis/cluster/write-by-node.js';
import { createRedis } from '../src/redis/connection/create-redis.js';
import type { RedisClient } from '../src/redis/connection/redis-client.js';
import { clientLink, type RedisLink } from '../src/redis/connection/redis-link.js';
import { declareRedisMetrics } from '../src/redis/connection/redis-metrics.js';
import type { RedisOptions } from '../src/redis/connection/redis-options.js';
import { ShardedSubscriber } from '../src/redis/subscription/sharded-subscriber.js';
import { subscriberLink } from '../src/redis/subscription/subscriber-link.js';
import { eventually } from './fixtures/eventually.js';
import { type RedisNode, startRedisNode } from './fixtures/start-redis-node.js';
import { watchSubscriber } from './fixtures/watch-subscriber.js';

const logger = { info: vi.fn(), warn: vi.fn() };
let node: RedisNode;
let options: RedisOptions;
const clients: RedisClient[] = [];
const subscribers: ShardedSubscriber[] = [];

beforeEach(async () => {
  node = await startRedisNode();
  options = { mode: 'single', nodes: [{ host: '127.0.0.1', port: node.port }], silenceTimeoutMs: 500 };
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const subscriber of subscribers.splice(0)) subscriber.close();
  await node.stop();
  vi.clearAllMocks();
});

async function connect(): Promise<RedisClient> {
  const client = createRedis(options, logger, () => performance.now());
  clients.push(client);
  await eventually(() => client.status === 'ready');
  return client;
}

function subscriber(): ShardedSubscriber {
  const created = new ShardedSubscriber(options, logger, { elapsedMs: () => performance.now(), pingEveryMs: 100 });
  subscribers.push(created);
  return created;
}

/** What the metrics of one connection say. */
function show(link: RedisLink) {
  const metrics = createMetrics({ name: 'test', version: '0', prefix: 'test' });
  declareRedisMetrics(metrics, ['one']).watch('one', link);
  return async () => {
    const { body } = await renderMetrics(metrics.registry);
    const value = (name: string): number =>
      Number(new RegExp(`^test_redis_${name}(?:{.*})? (.*)$`, 'm').exec(body)?.[1]);
    return {
      up: value('connection_up'),
      reconnections: value('reconnections_total'),
      inFlight: value('commands_in_flight'),
    };
  };
}

/** Holds this process up, as a long computation does. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('createRedis with one server', () => {
  it('fails commands at once while the server is away, comes back with it, and logs each change once', async () => {
    const client = await connect();
    const shown = show(clientLink(client));
    expect(await shown()).toEqual({ up: 1, reconnections: 0, inFlight: 0 });
    const answers = [client.get('a'), client.get('a')];
    expect(await shown()).toMatchObject({ inFlight: 2 });
    await Promise.all(answers);
    await node.kill();
    await eventually(() => client.status !== 'ready');
    expect(await shown()).toMatchObject({ up: 0, reconnections: 0 });
    await expect(client.get('a')).rejects.toThrow('enableOfflineQueue');
    await expect(client.get('a')).rejects.toThrow('enableOfflineQueue');
    await node.restart();
    await eventually(() =>
      client.get('a').then(
        () => true,
        () => false,
      ),
    );
    expect(await shown()).toEqual({ up: 1, reconnections: 1, inFlight: 0 });
    expect(logger.info.mock.calls.map(([text]) => text)).toEqual(['Redis is connected', 'Redis is connected']);
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith({ reason: expect.any(String) }, 'Redis is not reachable');
  });

  it('gives up on a server that hangs, also on what was under way', async () => {
    const client = await connect();
    node.pause();
    await expect(client.get('a')).rejects.toThrow(/max retries/);
    await expect(client.get('a')).rejects.toThrow('enableOfflineQueue');
    node.resume();
    await eventually(() =>
      client.get('a').then(
        () => true,
        () => false,
      ),
    );
  });

  it('does not take its own stall for silence of the server', async () => {
    // Long enough for a server on a busy machine, which is not silent.
    options = { ...options, silenceTimeoutMs: 1_000 };
    const client = await connect();
    for (let round = 0; round < 5; round++) {
      const answer = client.get('a');
      stall(1_100);
      await expect(answer).resolves.toBeNull();
    }
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('does not report a disconnection that was asked for', async () => {
    const client = await connect();
    client.disconnect();
    await eventually(() => client.status === 'end');
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('authenticates', async () => {
    const guarded = await startRedisNode({ password: 'hunter2' });
    options = {
      mode: 'single',
      nodes: [{ host: '127.0.0.1', port: guarded.port }],
      username: 'default',
      password: 'hunter2',
    };
    try {
      expect(await (await connect()).ping()).toBe('PONG');
    } finally {
      await guarded.stop();
    }
  });
});

describe('writeByNode with one server', () => {
  it('counts failures and does not let them keep the other commands', async () => {
    const client = await connect();
    const outcome = await writeByNode(client, [
      {
        key: 'a',
        commands: [
          ['set', 'a', 'text'],
          ['incr', 'a'],
        ],
      },
      {
        key: 'b',
        commands: [
          ['zadd', 'b', '1', Buffer.from([0xff, 0x00])],
          ['nosuchcommand', 'b'],
          ['set', 'ä', 'ö'],
        ],
      },
    ]);
    expect(outcome).toEqual({
      failed: 2,
      firstError: expect.objectContaining({ message: expect.stringContaining('not an integer') }),
    });
    expect(await client.zrangeBuffer('b', '0', '-1')).toEqual([Buffer.from([0xff, 0x00])]);
    expect(await client.get('ä')).toBe('ö');
  });

  it('counts everything as failed while the server is away', async () => {
    const client = await connect();
    await node.kill();
    await eventually(() => client.status !== 'ready');
    const outcome = await writeByNode(client, [
      {
        key: 'a',
        commands: [
          ['set', 'a', 1],
          ['set', 'a', 2],
        ],
      },
    ]);
    expect(outcome).toMatchObject({ failed: 2, firstError: { message: 'no connection to the Redis node' } });
  });

  it('counts what a hung server leaves unanswered', async () => {
    const client = await connect();
    node.pause();
    expect(await writeByNode(client, [{ key: 'a', commands: [['set', 'a', 1]] }])).toMatchObject({ failed: 1 });
  });
});

describe('ShardedSubscriber with one server', () => {
  it('keeps its subscriptions through its own stall', async () => {
    // Long enough for a server on a busy machine, which is not silent.
    options = { ...options, silenceTimeoutMs: 1_000 };
    const subscribed = subscriber();
    const watch = watchSubscriber(subscribed);
    await subscribed.subscribe('a');
    for (let round = 0; round < 5; round++) {
      const confirmed = subscribed.subscribe(`b${round}`);
      await new Promise((resolve) => setImmediate(resolve));
      stall(1_100);
      await confirmed;
    }
    expect(watch.changes.filter(({ state }) => state === 'down')).toEqual([]);
  });

  it('delivers what is published after the confirmation, in order, until it is unsubscribed', async () => {
    const client = await connect();
    const subscribed = subscriber();
    const watch = watchSubscriber(subscribed);
    await Promise.all([subscribed.subscribe('a'), subscribed.subscribe('b'), subscribed.subscribe('a')]);
    const payloads = Array.from({ length: 100 }, (_, index) => `${index} äöü`);
    await writeByNode(client, [{ key: 'a', commands: payloads.map((payload) => ['spublish', 'a', payload] as const) }]);
    await watch.until(() => watch.messages.length === 100);
    expect(watch.messages).toEqual(payloads.map((payload) => ['a', payload]));

    await subscribed.unsubscribe('a');
    expect(await client.spublish('a', 'late')).toBe(0);
    expect(await client.spublish('b', 'other')).toBe(1);
    await watch.until(() => watch.messages.at(-1)?.[1] === 'other');
    expect(watch.messages).toHaveLength(101);
    expect(subscribed.status()).toEqual({ wanted: 1, confirmed: 1, interrupted: 0 });
  });

  it('waits for a server that is not there yet', async () => {
    await node.kill();
    const subscribed = subscriber();
    const confirmed = subscribed.subscribe('a');
    const givenUp = subscribed.subscribe('b');
    await subscribed.unsubscribe('b');
    await expect(givenUp).rejects.toThrow('subscription to b was given up');
    await node.restart();
    await confirmed;
    expect(subscribed.status()).toEqual({ wanted: 1, confirmed: 1, interrupted: 0 });
  });

  it('says which channels were interrupted, and delivers again after that', async () => {
    const subscribed = subscriber();
    const watch = watchSubscriber(subscribed);
    const shown = show(subscriberLink(subscribed));
    expect(await shown()).toMatchObject({ up: 0 });
    await Promise.all([subscribed.subscribe('a'), subscribed.subscribe('b')]);
    expect(await shown()).toMatchObject({ up: 1, reconnections: 0 });
    await node.kill();
    await watch.until(() => watch.channelsThatWent('down').length === 2);
    expect(await shown()).toMatchObject({ up: 0, reconnections: 0 });
    await node.restart();
    await watch.until(() => watch.channelsThatWent('up').length === 2);
    expect([watch.channelsThatWent('down'), watch.channelsThatWent('up')]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(await shown()).toMatchObject({ up: 1, reconnections: 1 });
    await node.admin.spublish('a', 'again');
    await watch.until(() => watch.messages.length === 1);
  });

  it('notices a server that hangs although nobody publishes', async () => {
    const subscribed = subscriber();
    const watch = watchSubscriber(subscribed);
    await subscribed.subscribe('a');
    node.pause();
    await watch.until(() => watch.changes.at(-1)?.state === 'down');
    node.resume();
    await watch.until(() => watch.changes.at(-1)?.state === 'up');
    expect(watch.changes.map(({ state, channels }) => [state, channels])).toEqual([
      ['down', ['a']],
      ['up', ['a']],
    ]);
  });

  it('rejects what waits, and takes nothing new, once it is closed', async () => {
    await node.kill();
    const subscribed = subscriber();
    const waiting = subscribed.subscribe('a');
    subscribed.close();
    await expect(waiting).rejects.toThrow('given up');
    await expect(subscribed.subscribe('b')).rejects.toThrow('closed');
  });
});
