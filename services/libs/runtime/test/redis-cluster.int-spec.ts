import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { slotOf } from '../src/redis/cluster/slot-of.js';
import { type KeyedCommands, type WriteOutcome, writeByNode } from '../src/redis/cluster/write-by-node.js';
import { createRedis } from '../src/redis/connection/create-redis.js';
import type { RedisClient } from '../src/redis/connection/redis-client.js';
import type { RedisOptions } from '../src/redis/connection/redis-options.js';
import { ShardedSubscriber } from '../src/redis/subscription/sharded-subscriber.js';
import { eventually } from './fixtures/eventually.js';
import { type RedisTestCluster, startRedisCluster } from './fixtures/start-redis-cluster.js';
import type { RedisNode } from './fixtures/start-redis-node.js';
import { watchSubscriber } from './fixtures/watch-subscriber.js';

const channels = Array.from({ length: 24 }, (_, index) => `{partition-${index}}:events`);
const logger = { info: vi.fn(), warn: vi.fn() };
let cluster: RedisTestCluster;
let options: RedisOptions;
let client: RedisClient;
const subscribers: ShardedSubscriber[] = [];

beforeAll(async () => {
  cluster = await startRedisCluster();
  options = { mode: 'cluster', nodes: cluster.addresses.slice(0, 2), silenceTimeoutMs: 500 };
  client = createRedis(options, logger, () => performance.now());
  await eventually(async () => (await publishToAll('warm-up')).failed === 0);
});

afterEach(() => {
  for (const subscriber of subscribers.splice(0)) subscriber.close();
});

afterAll(async () => {
  client.disconnect();
  await cluster.stop();
});

async function subscribeToAll() {
  const subscriber = new ShardedSubscriber(options, logger, { elapsedMs: () => performance.now(), pingEveryMs: 200 });
  subscribers.push(subscriber);
  const watch = watchSubscriber(subscriber);
  await Promise.all(channels.map((channel) => subscriber.subscribe(channel)));
  return { subscriber, watch };
}

function publishToAll(payload: string): Promise<WriteOutcome> {
  return writeByNode(
    client,
    channels.map((channel): KeyedCommands => ({ key: channel, commands: [['spublish', channel, payload]] })),
  );
}

/** Channels that `node` owns, sorted. */
async function channelsOf(node: RedisNode): Promise<readonly string[]> {
  const owners = await Promise.all(channels.map((channel) => cluster.masterOf(slotOf(channel))));
  return channels.filter((_, index) => owners[index] === node).toSorted();
}

/** All channels deliver: published now, received by everyone. */
async function expectDelivery(watch: ReturnType<typeof watchSubscriber>, payload: string): Promise<void> {
  await eventually(async () => (await publishToAll(`not yet ${payload}`)).failed === 0);
  expect(await publishToAll(payload)).toEqual({ failed: 0 });
  await watch.until(() => watch.messages.filter(([, text]) => text === payload).length === channels.length);
}

async function moveSlot(slot: number, from: RedisNode, to: RedisNode): Promise<void> {
  const [fromId, toId] = await Promise.all(
    [from, to].map(async ({ admin }) => String(await admin.call('CLUSTER', 'MYID'))),
  );
  await to.admin.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId ?? '');
  await from.admin.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId ?? '');
  for (const node of [to, from]) await node.admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId ?? '');
  await moveIsKnown(slot, to);
}

/** Another move before all have heard of this one could give two masters the same epoch, and the slot to nobody. */
async function moveIsKnown(slot: number, owner: RedisNode): Promise<void> {
  const masters = cluster.nodes.slice(0, 3).map(({ admin }) => admin);
  await eventually(async () => {
    const owners = await Promise.all(masters.map((admin) => ownerPort(admin, slot)));
    const infos = await Promise.all(masters.map(async (admin) => String(await admin.call('CLUSTER', 'INFO'))));
    const epochs = infos.map((info) => /cluster_current_epoch:(\d+)/.exec(info)?.[1]);
    return owners.every((port) => port === owner.port) && new Set(epochs).size === 1;
  });
}

/** How many subscriptions the masters have refused so far. */
async function refusals(): Promise<number> {
  const stats = await Promise.all(cluster.nodes.slice(0, 3).map(({ admin }) => admin.info('commandstats')));
  return stats.reduce((sum, text) => sum + Number(/cmdstat_ssubscribe:.*rejected_calls=(\d+)/.exec(text)?.[1] ?? 0), 0);
}

/** The port of the master that serves a slot as one node sees it. */
async function ownerPort(admin: RedisNode['admin'], slot: number): Promise<number | undefined> {
  const ranges = (await admin.call('CLUSTER', 'SLOTS')) as [number, number, [string, number]][];
  return ranges.find(([first, last]) => first <= slot && slot <= last)?.[2][1];
}

describe('a Redis Cluster', () => {
  it('has the slots that slotOf computes', async () => {
    const keys = ['a', '{tag}b', 'x{tag}', '{}c', '{a}{b}', 'größe{ß}', '😀', ...channels];
    for (const key of keys)
      expect(slotOf(key)).toBe(Number(await cluster.nodes[0]?.admin.call('CLUSTER', 'KEYSLOT', key)));
  });

  it('takes one batch for keys and channels of all its nodes, each channel in order', async () => {
    const { watch } = await subscribeToAll();
    const groups = channels.map(
      (channel): KeyedCommands => ({
        key: channel,
        commands: [
          ['set', `${channel}:head`, 3],
          ...['1', '2', '3'].map((text) => ['spublish', channel, text] as const),
        ],
      }),
    );
    expect(await writeByNode(client, groups)).toEqual({ failed: 0 });
    await watch.until(() => watch.messages.length === channels.length * 3);
    for (const channel of channels) {
      expect(watch.messages.filter(([name]) => name === channel).map(([, text]) => text)).toEqual(['1', '2', '3']);
      expect(await client.get(`${channel}:head`)).toBe('3');
    }
  });

  it('keeps a channel whose slot moves, and interrupts no other', async () => {
    const { watch } = await subscribeToAll();
    const moving = '{partition-0}:events';
    const from = await cluster.masterOf(slotOf(moving));
    const to = cluster.nodes.slice(0, 3).find((node) => node !== from) as RedisNode;
    // A node gives away an empty slot only; this key is from the test before.
    await from.admin.del(`${moving}:head`);
    await moveSlot(slotOf(moving), from, to);
    // The client still has the old owner in its map and follows the redirection.
    expect(await publishToAll('redirected')).toEqual({ failed: 0 });
    await watch.until(() => watch.channelsThatWent('up').length > 0);
    expect([watch.channelsThatWent('down'), watch.channelsThatWent('up')]).toEqual([[moving], [moving]]);
    await expectDelivery(watch, 'moved');
  });

  it('asks a cluster that disagrees about a slot again and again, with pauses', async () => {
    const { watch } = await subscribeToAll();
    const torn = '{partition-2}:events';
    const owner = await cluster.masterOf(slotOf(torn));
    const other = cluster.nodes.slice(0, 3).find((node) => node !== owner) as RedisNode;
    await owner.admin.del(`${torn}:head`);
    const refusedBefore = await refusals();
    // The owner believes that the other one has the slot, which knows nothing of it.
    await owner.admin.call(
      'CLUSTER',
      'SETSLOT',
      slotOf(torn),
      'NODE',
      String(await other.admin.call('CLUSTER', 'MYID')),
    );
    const since = performance.now();
    await eventually(async () => (await refusals()) >= refusedBefore + 30);
    // Pauses of 25, 50, 100, 200, 200 ms; and a few refusals in each; without them thirty take less than 100 ms.
    expect(performance.now() - since).toBeGreaterThan(250);
    await owner.admin.call(
      'CLUSTER',
      'SETSLOT',
      slotOf(torn),
      'NODE',
      String(await owner.admin.call('CLUSTER', 'MYID')),
    );
    await watch.until(() => watch.channelsThatWent('up').length > 0);
    await expectDelivery(watch, 'whole again');
  });

  it('notices that a slot went away and came back', async () => {
    const { watch } = await subscribeToAll();
    const moving = '{partition-1}:events';
    const owner = await cluster.masterOf(slotOf(moving));
    await owner.admin.del(`${moving}:head`);
    const other = cluster.nodes.slice(0, 3).find((node) => node !== owner) as RedisNode;
    await moveSlot(slotOf(moving), owner, other);
    await moveSlot(slotOf(moving), other, owner);
    // A slow machine may have subscribed at the other node in between; then it has to come back from there.
    await watch.until(() => {
      const last = watch.changes.at(-1);
      return last?.state === 'up' && last.node.endsWith(`:${owner.port}`);
    });
    expect(new Set(watch.channelsThatWent('down'))).toEqual(new Set([moving]));
    await expectDelivery(watch, 'there and back');
  });

  it('gets subscriptions back that a node ended by closing their connection', async () => {
    const { watch } = await subscribeToAll();
    const node = cluster.nodes[1] as RedisNode;
    const own = await channelsOf(node);
    await node.admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await watch.until(() => watch.channelsThatWent('up').length === own.length);
    expect(watch.channelsThatWent('down')).toEqual(own);
    await expectDelivery(watch, 'reconnected');
  });

  it('carries on at the replica when a master dies', async () => {
    const { subscriber, watch } = await subscribeToAll();
    const dying = cluster.nodes[0] as RedisNode;
    const own = await channelsOf(dying);
    await dying.kill();
    await watch.until(() => watch.channelsThatWent('up').length === own.length);
    expect([watch.channelsThatWent('down'), watch.channelsThatWent('up')]).toEqual([own, own]);
    await expectDelivery(watch, 'failed over');
    expect(subscriber.status()).toEqual({ wanted: channels.length, confirmed: channels.length, interrupted: 0 });
  });

  it('carries on at the replica when a master hangs with its connections open', async () => {
    const { watch } = await subscribeToAll();
    const hanging = cluster.nodes[1] as RedisNode;
    const own = await channelsOf(hanging);
    hanging.pause();
    await watch.until(() => watch.channelsThatWent('up').length === own.length);
    expect(watch.channelsThatWent('down')).toEqual(own);
    await expectDelivery(watch, 'failed over');
    hanging.resume();
    await expectDelivery(watch, 'with the old master back');
  });

  it('fails writes of a shard that is gone at once and those of the others not at all', async () => {
    const master = cluster.nodes[2] as RedisNode;
    const own = await channelsOf(master);
    await Promise.all([master.kill(), (cluster.nodes[5] as RedisNode).kill()]);
    const failed = Promise.withResolvers<WriteOutcome>();
    await eventually(async () => {
      const outcome = await publishToAll('partly');
      if (outcome.failed > 0) failed.resolve(outcome);
      return outcome.failed > 0;
    });
    expect(await failed.promise).toEqual({ failed: own.length, firstError: expect.any(Error) });
    await Promise.all([master.restart(), (cluster.nodes[5] as RedisNode).restart()]);
    await eventually(async () => (await publishToAll('whole')).failed === 0);
  });
});
