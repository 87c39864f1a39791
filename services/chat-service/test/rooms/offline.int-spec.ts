import { setTimeout as delay } from 'node:timers/promises';
import { writeByNode } from '@parlance/runtime';
import { expect, it } from 'vitest';

import { offlinePointersOfUser, offlineTtlSeconds } from '../../src/events/redis-keys.js';
import { RedisWrites } from '../../src/events/redis-writes.js';
import { OfflinePointerStore } from '../../src/features/offline/offline-pointer-store.js';
import { absentAfterMs } from '../../src/features/offline/offline-pointers.js';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pod, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

async function send(pod: Pod, roomId: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++)
    await pod.operations.sendMessage(as('ann'), newText(roomId, `${index}`, ''));
}

/** A user's pointers, by room: ids from and to. */
async function pointersOf(userId: string): Promise<Record<string, string>> {
  const entries = await servers.pods[0].redis.hgetall(`offline:{${userId}}:messages`);
  return Object.fromEntries(Object.entries(entries).map(([room, text]) => [room, text.split(' ', 2).join('-')]));
}

/** Lets time pass on the pods until something holds; they look for absent users by themselves. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) {
    servers.clockOffsetMs += absentAfterMs / 2;
    await delay(200);
  }
}

it('points who is away to what waits, keeps it seven days, and takes it away when the messages are reported', async () => {
  const [pod] = servers.pods;
  const roomId = await newRoom(pod, { participants: ['away', 'there'] });
  await send(pod, roomId, 3);
  await pod.operations.markMessageDelivered(as('there'), { roomId, messageId: 3 });
  expect(await pointersOf('away')).toEqual({});
  await eventually(async () => (await pointersOf('away'))[roomId] === '1-3');
  expect([await pointersOf('there'), await pointersOf('ann')]).toEqual([{}, {}]);
  const seconds = await pod.redis.ttl('offline:{away}:messages');
  expect(seconds).toBeGreaterThan(offlineTtlSeconds - 60);
  expect(seconds).toBeLessThanOrEqual(offlineTtlSeconds);
  expect(await pod.metrics.registry.metrics()).toMatch(/^chat_offline_queue_messages 3$/m);

  await pod.operations.markMessageDelivered(as('away'), { roomId, messageId: 2 });
  await eventually(async () => (await pointersOf('away'))[roomId] === '3-3');
  await pod.operations.markMessageRead(as('away'), { roomId, messageId: 3 });
  await eventually(async () => (await pod.redis.exists('offline:{away}:messages')) === 0);
  expect(await pod.metrics.registry.metrics()).toMatch(/^chat_offline_queue_messages 0$/m);
});

it('loses nothing but the hint when Redis is emptied: resume never reads it', async () => {
  const [pod, other] = servers.pods;
  const roomId = await newRoom(pod, { participants: ['lost'] });
  await send(pod, roomId, 4);
  await eventually(async () => (await pointersOf('lost'))[roomId] === '1-4');
  for (const spoil of [
    () => pod.redis.hset('offline:{lost}:messages', roomId, '900 901 1'),
    () => pod.redis.flushall(),
  ]) {
    await spoil();
    const { rooms } = await other.operations.resume(as('lost'), {
      rooms: [{ roomId, messageId: 0, rev: 0, epoch: 0 }],
    });
    expect(rooms[0]?.messages.map(({ messageId }) => messageId)).toEqual([1, 2, 3, 4]);
  }
  await send(pod, roomId, 1);
  await eventually(async () => (await pointersOf('lost'))[roomId] === '1-5');
});

it('holds no more than its bound for a user, the pointers that were put last', async () => {
  let time = 1_000;
  const { metrics, redis } = servers.pods[0];
  const store = new OfflinePointerStore(
    new RedisWrites(
      (groups) => writeByNode(redis, groups),
      metrics,
      () => 0,
    ),
    () => time++,
  );
  const rooms = Array.from({ length: offlinePointersOfUser + 30 }, (_, index) => `room-${index}`);
  const failedBefore = (await metrics.redisWriteErrors.get()).values[0]?.value;
  for (const roomId of rooms) store.put([{ userId: 'busy', roomId, from: 1, to: 2 }]);
  // The first that is still there is said something in again: it is put in place of itself, and is now the newest.
  store.put([{ userId: 'busy', roomId: 'room-30', from: 1, to: 3 }]);
  store.put([{ userId: 'busy', roomId: 'one-more', from: 1, to: 1 }]);
  await redis.ping();
  const pointers = await pointersOf('busy');
  expect(Object.keys(pointers)).toHaveLength(offlinePointersOfUser);
  expect(pointers).toMatchObject({ 'room-30': '1-3', 'room-32': '1-2', 'one-more': '1-1' });
  expect(Object.keys(pointers)).not.toContain('room-31');
  expect((await metrics.redisWriteErrors.get()).values[0]?.value).toBe(failedBefore);
});
