import { addMonths, durable, monthOf, startOfMonth } from '@parlance/storage';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ClusterDatabase, clusterDatabase } from '../fixtures/cluster-database.js';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { as, type Pod, type Pods, startPods } from '../fixtures/start-pods.js';

const day = 86_400_000;
const current = monthOf(Date.now());
const before = addMonths(current, -1);
let cluster: ClusterDatabase;
let servers: Pods;
beforeAll(async () => {
  cluster = await clusterDatabase();
  await cluster.createMonths(before);
  servers = await startPods({ mongoUri: cluster.uri });
});
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]();
  await cluster?.[Symbol.asyncDispose]();
});
afterEach(() => {
  servers.clockOffsetMs = 0;
});

async function send(pod: Pod, roomId: string, clientMessageId: string) {
  const context = { ...as('ann'), deadlineAt: Date.now() + servers.clockOffsetMs + 8_000 };
  const { message, deduplicated } = await pod.operations.sendMessage(context, newText(roomId, clientMessageId));
  return { id: message?.messageId, month: message?.monthYear, deduplicated };
}

it('keeps the log of many rooms over a month’s end, first of all when the new month is missing', async () => {
  const [one, two] = servers.pods;
  servers.clockOffsetMs = startOfMonth(before) + 20 * day - Date.now();
  const rooms: string[] = [];
  while (rooms.length < 8) rooms.push(await newRoom(one));
  for (const roomId of rooms) expect(await send(one, roomId, 'old')).toMatchObject({ id: 1, month: before });

  servers.clockOffsetMs = 0;
  const [room = ''] = rooms;
  await one.months.prepare();
  await expect(send(one, room, 'too-early')).rejects.toMatchObject({
    reason: 'STORE_UNAVAILABLE',
    outcome: 'rejected',
    row: { retryable: true },
  });
  await expect(newRoom(one)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
  await expect(one.months.requireCurrent()).rejects.toThrow(`The month ${current} is not open for messages yet`);
  const metrics = await one.metrics.registry.metrics();
  expect(metrics).toMatch(/^chat_months_missing 2$/m);
  expect(metrics).toMatch(/^chat_months_refusals_total [1-9]/m);

  await cluster.createMonths(current);
  // As soon as a majority has it.
  await expect.poll(() => one.months.requireCurrent().catch(String)).toBeUndefined();
  for (const roomId of rooms) {
    expect(await send(two, roomId, 'new')).toEqual({ id: 2, month: current, deduplicated: false });
    expect(await send(one, roomId, 'old')).toEqual({ id: 1, month: before, deduplicated: true });
    const { messages } = await one.operations.getMessageHistory(as('bob'), { roomId, limit: 50 });
    expect(messages.map(({ messageId, content }) => [messageId, content])).toEqual([
      [1, 'old'],
      [2, 'new'],
    ]);
  }
  const { rooms: heads } = await two.operations.listRoomHeads(as('ann'), {});
  expect(heads.map(({ head }) => head)).toEqual(rooms.map(() => 2));
  servers.takeReads();
  servers.takeReadConcerns();
  for (const roomId of rooms) expect(await send(one, roomId, 'newer')).toMatchObject({ id: 3, deduplicated: false });
  expect(servers.takeReadConcerns()).not.toContain('linearizable');
});

it('tells operators what lies in a month over all its shards, and to which tier it moves next', async () => {
  const [one] = servers.pods;
  await one.mongo.database.months.updateOne({ monthYear: before }, { $set: { state: 'SEALED' } }, durable());
  const { inventory } = await one.operations.listMonths(as('root'), {});
  // A message and a seal of each of 8 rooms.
  const sealed = { monthYear: before, tier: 'hot', state: 'SEALED', messages: 16 };
  expect(inventory?.months).toMatchObject([
    { monthYear: current, tier: 'hot', state: 'OPEN', messages: 16, next: { job: 'seal-month' } },
    { ...sealed, next: { job: 'migrate-tiers', what: 'move to warm' } },
  ]);
  const stats = [{ $collStats: { storageStats: {} } }];
  const parts = await one.mongo.database.messages(before).aggregate(stats).toArray();
  expect(parts.length).toBeGreaterThan(1);
  expect(inventory?.months.at(-1)?.bytes).toBeGreaterThan(0);
});
