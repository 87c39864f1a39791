import { addMonths, createMonth, monthOf, sealSlot, startOfMonth } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { expect, it } from 'vitest';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pod, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

const plain = { messageType: '', metadataJson: '' };
const day = 86_400_000;

async function send(pod: Pod, roomId: string, clientMessageId: string, content = clientMessageId, user = 'ann') {
  const request = newText(roomId, content, clientMessageId);
  const { message, deduplicated } = await pod.operations.sendMessage(as(user), request);
  return { id: message?.messageId, month: message?.monthYear, at: message?.timestamp ?? 0, deduplicated };
}

async function readAll(pod: Pod, roomId: string, user = 'ann') {
  const { messages } = await pod.operations.getMessageHistory(as(user), { roomId, limit: 200, afterId: 0 });
  return messages;
}

/** Opens past months and puts the pods' clock `months` before now, in the middle of a month. */
async function travelBack(months: number): Promise<void> {
  const past = addMonths(monthOf(Date.now()), -months);
  for (let step = 0; step <= months; step++) await createMonth(servers.pods[0].mongo.database, addMonths(past, step));
  servers.clockOffsetMs = startOfMonth(past) + 20 * day - Date.now();
}

it('gives two pods that both write one room the ids 1, 2, 3, ... and keeps each sender in order', async () => {
  const roomId = await newRoom(servers.pods[0]);
  const acks = await Promise.all(
    servers.pods.flatMap((pod, index) =>
      Array.from({ length: 300 }, (_, number) =>
        send(pod, roomId, `${index}-${number}`, `${number}`, index ? 'bob' : 'ann'),
      ),
    ),
  );
  expect(acks.map(({ id }) => id).toSorted((left, right) => (left ?? 0) - (right ?? 0))).toEqual(
    Array.from({ length: 600 }, (_, index) => index + 1),
  );
  for (const own of [acks.slice(0, 300), acks.slice(300)]) {
    const ids = own.map(({ id }) => id ?? 0);
    expect(ids).toEqual(ids.toSorted((left, right) => left - right));
  }
});

it('answers a retry on either pod with the first message, and another body with a conflict', async () => {
  const [one, two] = servers.pods;
  const roomId = await newRoom(one);
  const first = await send(one, roomId, 'retry-me');
  await send(one, roomId, 'another');
  for (const pod of [one, two]) {
    expect(await send(pod, roomId, 'retry-me')).toEqual({ ...first, deduplicated: true });
    await expect(send(pod, roomId, 'retry-me', 'other body')).rejects.toMatchObject({ reason: 'IDEMPOTENCY_CONFLICT' });
  }
  expect(await readAll(two, roomId)).toHaveLength(2);
});

it('keeps one message when both pods get the same client id at the same time', async () => {
  const [one, two] = servers.pods;
  const roomId = await newRoom(one);
  const acks = await Promise.all(Array.from({ length: 20 }, (_, index) => send(index % 2 ? one : two, roomId, 'same')));
  expect(new Set(acks.map(({ id }) => id)).size).toBe(1);
  expect(acks.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1);
});

it('goes on with the next id in the month that follows, on both pods', async () => {
  const [one, two] = servers.pods;
  await travelBack(1);
  const roomId = await newRoom(one);
  const before = [await send(one, roomId, 'a'), await send(two, roomId, 'b')];
  servers.clockOffsetMs = 0;
  const after = await Promise.all([send(one, roomId, 'c'), send(two, roomId, 'd')]);
  expect(before.map(({ id }) => id)).toEqual([1, 2]);
  expect(new Set(after.map(({ id }) => id))).toEqual(new Set([3, 4]));
  expect(new Set(after.map(({ month }) => month))).toEqual(new Set([monthOf(Date.now())]));
  expect((await readAll(two, roomId)).map(({ messageId, content }) => [messageId, content]).slice(0, 2)).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
});

it('accepts the next message of a room that was silent for seven months', async () => {
  await travelBack(7);
  const roomId = await newRoom(servers.pods[0]);
  const old = await send(servers.pods[0], roomId, 'old');
  servers.clockOffsetMs = 0;
  const recent = await send(servers.pods[1], roomId, 'recent');
  expect([old.id, recent.id]).toEqual([1, 2]);
  expect((await readAll(servers.pods[0], roomId)).map(({ content }) => content)).toEqual(['old', 'recent']);
});

it('recognises a retry that arrives after the month has ended', async () => {
  const [one, two] = servers.pods;
  await travelBack(1);
  const roomId = await newRoom(one);
  const first = await send(one, roomId, 'late');
  servers.clockOffsetMs = 0;
  await send(two, roomId, 'new-month');
  expect(await send(two, roomId, 'late')).toEqual({ ...first, deduplicated: true });
  expect(await send(one, roomId, 'late')).toEqual({ ...first, deduplicated: true });
  expect(await readAll(one, roomId)).toHaveLength(2);
});

it('neither reopens a month nor turns time back when the clock steps back', async () => {
  const roomId = await newRoom(servers.pods[0]);
  const first = await send(servers.pods[0], roomId, 'a');
  servers.clockOffsetMs = -40 * day;
  const second = await send(servers.pods[0], roomId, 'b');
  expect(second).toMatchObject({ id: 2, month: first.month });
  expect(second.at).toBeGreaterThanOrEqual(first.at);
});

it('pages back and forth over a month boundary without a hole, with and without the cache', async () => {
  const [one] = servers.pods;
  await travelBack(1);
  const roomId = await newRoom(one);
  for (let index = 1; index <= 7; index++) await send(one, roomId, `old-${index}`);
  servers.clockOffsetMs = 0;
  for (let index = 8; index <= 15; index++) await send(one, roomId, `new-${index}`);
  for (const emptied of [false, true]) {
    if (emptied) await one.redis.flushall();
    const seen: number[] = [];
    for (let beforeId: number | undefined; ; ) {
      const page = await one.operations.getMessageHistory(as('bob'), { roomId, limit: 4, beforeId });
      seen.unshift(...page.messages.map(({ messageId }) => messageId));
      if (!page.hasMore) break;
      beforeId = page.messages[0]?.messageId;
    }
    expect(seen).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  }
});

it('reads a page that goes over 36 months, or lies 36 months back, by three commands at most', async () => {
  const [one] = servers.pods;
  const { database } = one.mongo;
  const current = monthOf(Date.now());
  const roomId = await newRoom(one);
  const months = Array.from({ length: 36 }, (_, index) => addMonths(current, index - 35));
  const segments = [];
  for (const [index, monthYear] of months.entries()) {
    await createMonth(database, monthYear);
    const firstId = 2 * index + 1;
    const openedAt = new Date(startOfMonth(monthYear));
    segments.push({ monthYear, firstId: Long.fromNumber(firstId), openedAt });
    const slots = [0, 1].map((more) => ({
      _id: new ObjectId(),
      monthYear,
      roomId,
      messageId: Long.fromNumber(firstId + more),
      timestamp: openedAt,
      senderId: 'ann',
      clientMessageId: `${firstId + more}`,
      bodyHash: 'hash',
      content: `${firstId + more}`,
      messageType: 'text' as const,
    }));
    await database.messages(monthYear).insertMany(slots);
    if (monthYear === current) continue;
    const seal = { roomId, monthYear, head: firstId + 1, timestamp: openedAt.getTime() };
    await database.messages(monthYear).insertOne(sealSlot(seal));
  }
  await database.rooms.updateOne({ roomId }, { $set: { segments } });
  // A view of a room is two seconds old at most.
  servers.clockOffsetMs = 3_000;
  await one.operations.getMessageHistory(as('ann'), { roomId, limit: 1 });
  for (const [place, ids] of [
    [{}, [23, 72]],
    [{ beforeId: 51 }, [1, 50]],
    [{ afterId: 0 }, [1, 50]],
    [{ afterId: 20 }, [21, 70]],
  ] as const) {
    servers.takeReads();
    const { messages } = await one.operations.getMessageHistory(as('ann'), { roomId, limit: 50, ...place });
    const [first = 0, last = 0] = ids;
    expect(messages.map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    expect(servers.takeReads().filter((read) => read.includes('messages_')).length).toBeLessThanOrEqual(3);
  }
});

it('starts a page at the first message at or after a time', async () => {
  const [one] = servers.pods;
  const roomId = await newRoom(one);
  const acks = [];
  for (let index = 0; index < 9; index++) {
    servers.clockOffsetMs = index * 1_000;
    acks.push(await send(one, roomId, `m-${index}`));
  }
  const page = await one.operations.getMessageHistory(as('bob'), {
    roomId,
    limit: 2,
    fromDate: (acks[4]?.at ?? 0) - 500,
  });
  expect(page.messages.map(({ messageId }) => messageId)).toEqual([5, 6]);
  expect(page.hasMore).toBe(true);
});

it('shows a hole as an error, never as an end', async () => {
  const [one] = servers.pods;
  const roomId = await newRoom(one);
  for (let index = 1; index <= 5; index++) await send(one, roomId, `m-${index}`);
  const { database } = one.mongo;
  await database.messages(monthOf(Date.now())).deleteOne({ roomId, clientMessageId: 'm-3' });
  await one.redis.flushall();
  await expect(readAll(one, roomId)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
});

it('goes on without Redis and loses nothing when it is emptied', async () => {
  const [one] = servers.pods;
  const roomId = await newRoom(one);
  await send(one, roomId, 'before');
  await one.redis.flushall();
  const after = await send(one, roomId, 'after');
  expect(after.id).toBe(2);
  expect(await send(one, roomId, 'before')).toMatchObject({ id: 1, deduplicated: true });
});

it('lets no pod whose clock runs ahead end a month for everyone', async () => {
  const [one, two] = servers.pods;
  const roomId = await newRoom(one);
  await send(one, roomId, 'a');
  servers.clockOffsetMs = 40 * day;
  const ahead = { ...as('ann'), deadlineAt: Date.now() + 40 * day + 500 };
  await expect(
    one.operations.sendMessage(ahead, { ...plain, roomId, content: 'b', clientMessageId: 'b' }),
  ).rejects.toMatchObject({ row: { retryable: true }, outcome: 'rejected' });
  servers.clockOffsetMs = 0;
  expect(await send(two, roomId, 'b')).toMatchObject({ id: 2 });
});
