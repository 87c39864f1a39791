import { setImmediate as turn } from 'node:timers/promises';
import { quietContext, sealMonth } from '@parlance/jobs';
import { addMonths, createMonth, type MonthYear, monthOf, startOfMonth } from '@parlance/storage';
import { expect, it } from 'vitest';
import { holdClock } from '../fixtures/hold-clock.js';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pod, type Pods } from '../fixtures/start-pods.js';
import { untilAnswered } from '../fixtures/until-answered.js';

const day = 86_400_000;
const current = monthOf(Date.now());
let servers: Pods;
sharePods(async (pods) => {
  servers = pods;
  for (let back = 8; back > 0; back--) await createMonth(servers.pods[0].mongo.database, addMonths(current, -back));
});

/** Puts the pods' clock into the middle of a month. MongoDB's clock stays where it is. */
function travelTo(month: MonthYear): void {
  servers.clockOffsetMs = startOfMonth(month) + 20 * day - Date.now();
}

async function send(pod: Pod, user: string, roomId: string, content: string) {
  const { message, deduplicated } = await pod.operations.sendMessage(as(user), newText(roomId, content));
  return { id: message?.messageId ?? 0, month: message?.monthYear, deduplicated };
}

async function readAll(pod: Pod, roomId: string) {
  const messages = [];
  for (let afterId = 0; ; ) {
    const page = await pod.operations.getMessageHistory(as('ann'), { roomId, limit: 200, afterId });
    messages.push(...page.messages);
    if (!page.hasMore) return messages;
    afterId = page.messages.at(-1)?.messageId ?? 0;
  }
}

function seal(month: MonthYear): Promise<number> {
  return sealMonth({ month, dryRun: false }, quietContext(servers.pods[1].mongo.database));
}

it('lets a room that was silent for seven sealed months go on at head + 1 in the current month', async () => {
  const [one, two] = servers.pods;
  const first = addMonths(current, -7);
  travelTo(first);
  const roomId = await newRoom(one);
  for (const content of ['a', 'b', 'c']) await send(one, 'ann', roomId, content);
  const empty = await newRoom(one);
  servers.clockOffsetMs = 0;
  for (let back = 7; back > 1; back--) expect(await seal(addMonths(current, -back))).toBe(0);
  expect(await send(two, 'bob', roomId, 'd')).toEqual({ id: 4, month: current, deduplicated: false });
  expect(await send(two, 'bob', empty, 'first')).toEqual({ id: 1, month: current, deduplicated: false });
  expect(await send(one, 'ann', roomId, 'c')).toEqual({ id: 3, month: first, deduplicated: true });
  expect((await readAll(one, roomId)).map(({ messageId, content }) => [messageId, content])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
    [4, 'd'],
  ]);
  const { database } = one.mongo;
  const room = await database.rooms.findOne({ roomId });
  expect(room?.segments.map(({ monthYear, firstId }) => [monthYear, Number(firstId)])).toEqual([
    [first, 1],
    [current, 4],
  ]);
  for (let back = 7; back > 1; back--) {
    const month = addMonths(current, -back);
    const seals = await database.messages(month).countDocuments({ roomId, kind: 'seal' });
    expect([month, seals]).toEqual([month, month === first ? 1 : 0]);
  }
});

it('loses, doubles and reorders nothing while two pods send over the month’s end', { timeout: 180_000 }, async () => {
  const { pods } = servers;
  const old = addMonths(current, -2);
  await servers.pods[0].mongo.database.months.updateOne({ monthYear: old }, { $set: { state: 'OPEN' } });
  travelTo(old);
  const rooms = await Promise.all(
    Array.from({ length: 40 }, (_, index) => untilAnswered(() => newRoom(pods[index % 2 ? 1 : 0]))),
  );
  const senders = [
    { pod: pods[0], user: 'ann' },
    { pod: pods[1], user: 'bob' },
  ];
  const acks = new Map(rooms.map((roomId) => [roomId, [] as { user: string; content: string; id: number }[]]));
  const enough = new AbortController();
  const talk = async (roomId: string, pod: Pod, user: string): Promise<void> => {
    for (let number = 0; !enough.signal.aborted; number++) {
      const content = `${user}-${number}`;
      const { id } = await untilAnswered(() => send(pod, user, roomId, content));
      acks.get(roomId)?.push({ user, content, id });
      await turn();
    }
  };
  // The last ten rooms say nothing: only the job ends their month.
  const talking = rooms.slice(0, 30).flatMap((roomId) => senders.map(({ pod, user }) => talk(roomId, pod, user)));
  const atLeast = async (count: number): Promise<void> => {
    while ([...acks.values()].slice(0, 30).some((some) => some.length < count)) await turn();
  };
  await atLeast(5);
  const { database } = pods[0].mongo;
  const sealing = seal(old);
  // Until the first seals stand, both pods take it for the old month: the job and the sends meet in the same slots.
  while ((await database.messages(old).countDocuments({ kind: 'seal', roomId: { $in: rooms } })) === 0) await turn();
  servers.clockOffsetMs = 0;
  expect(await sealing).toBe(0);
  const before = Math.max(...[...acks.values()].map((some) => some.length));
  await atLeast(before + 5);
  enough.abort();
  await Promise.all(talking);

  expect(await database.months.findOne({ monthYear: old })).toMatchObject({ state: 'SEALED' });
  for (const roomId of rooms) {
    const messages = await readAll(pods[1], roomId);
    expect(messages.map(({ messageId }) => messageId)).toEqual(messages.map((_, index) => index + 1));
    const stored = messages.map(({ senderId, content, messageId }) => ({ user: senderId, content, id: messageId }));
    const acked = (acks.get(roomId) ?? []).toSorted((left, right) => left.id - right.id);
    expect(stored).toEqual(acked);
    for (const { user } of senders) {
      const own = stored.filter((message) => message.user === user).map(({ content }) => content);
      expect(own).toEqual(own.map((_, number) => `${user}-${number}`));
    }
    expect(await database.messages(old).countDocuments({ roomId, kind: 'seal' })).toBe(1);
  }
});

it('reads where many silent rooms stand by as many commands as where one does', async () => {
  const [one] = servers.pods;
  const first = addMonths(current, -8);
  travelTo(first);
  const heads = async (userId: string) => {
    servers.takeReads();
    const { rooms } = await one.operations.listRoomHeads(as(userId), {});
    return { rooms, reads: servers.takeReads() };
  };
  const lists = { dora: 1, emil: 25 };
  const expected = new Map<string, number>();
  for (const [userId, count] of Object.entries(lists)) {
    for (let index = 0; index < count; index++) {
      const roomId = await newRoom(one, { participants: [userId] });
      for (let id = 0; id < index % 3; id++) await send(one, 'ann', roomId, `${id}`);
      if (userId === 'emil') expected.set(roomId, index % 3);
    }
  }
  servers.clockOffsetMs = 0;
  await holdClock();
  const open = (await heads('emil')).rooms.map(({ roomId }) => roomId);
  await seal(first);
  const single = await heads('dora');
  const many = await heads('emil');
  expect(new Map(many.rooms.map(({ roomId, head }) => [roomId, head]))).toEqual(expected);
  expect(many.rooms.map(({ roomId }) => roomId)).toEqual(open);
  expect(many.reads.length).toBeLessThanOrEqual(5);
  expect(many.reads.length - single.reads.length).toBeLessThanOrEqual(1);
});
