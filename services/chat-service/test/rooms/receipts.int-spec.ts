import { decodeEnvelope, type MessageStatusUpdate, roomChannel } from '@parlance/proto';
import type { Redis } from 'ioredis';
import type { CommandStartedEvent } from 'mongodb';
import { expect, it, onTestFinished, vi } from 'vitest';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pods } from '../fixtures/start-pods.js';
import { untilAnswered } from '../fixtures/until-answered.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

const group = { roomType: 'group', metadata: undefined, joinRule: '', historyVisibility: '' };
const text = { messageType: '', clientMessageId: '', metadataJson: '', content: 'hi' };

async function roomOf(participants: string[], messages: number): Promise<string> {
  const { operations } = servers.pods[0];
  const { room } = await operations.createRoom(as('ann'), { ...group, participants });
  const roomId = room?.roomId ?? '';
  for (let index = 0; index < messages; index++) await operations.sendMessage(as('ann'), { ...text, roomId });
  return roomId;
}

async function statuses(roomId: string, user = 'ann'): Promise<(string | undefined)[]> {
  const { messages } = await servers.pods[0].operations.getMessageHistory(as(user), { roomId, limit: 0, afterId: 0 });
  return messages.map(({ status }) => status);
}

it('derives sent, delivered and read from the marks of all others', async () => {
  const { operations } = servers.pods[0];
  const roomId = await roomOf(['bob', 'cy'], 3);
  await operations.markMessageRead(as('bob'), { roomId, messageId: 2 });
  await operations.markMessageDelivered(as('cy'), { roomId, messageId: 3 });
  await operations.markMessageRead(as('cy'), { roomId, messageId: 1 });
  expect(await statuses(roomId)).toEqual(['read', 'delivered', 'sent']);
  const { messages } = await operations.getMessageHistory(as('ann'), { roomId, limit: 0, afterId: 0 });
  expect(messages[0]?.readBy.map(({ userId }) => userId).toSorted()).toEqual(['bob', 'cy']);
  expect(messages[2]).toMatchObject({ deliveredTo: ['cy'], readBy: [] });
});

it('never lowers a mark and refuses one beyond the newest message', async () => {
  const { operations } = servers.pods[0];
  const roomId = await roomOf(['bob'], 5);
  await operations.markMessageRead(as('bob'), { roomId, messageId: 4 });
  await operations.markMessageRead(as('bob'), { roomId, messageId: 2 });
  expect((await operations.getRoom(as('bob'), { roomId })).room).toMatchObject({
    readUpTo: 4,
    deliveredUpTo: 4,
    unreadCount: 1,
  });
  for (const messageId of [6, 0, -1, 1.5]) {
    await expect(operations.markMessageRead(as('bob'), { roomId, messageId })).rejects.toMatchObject({
      reason: 'INVALID_MESSAGE',
    });
  }
  await expect(operations.markMessageRead(as('eve'), { roomId, messageId: 1 })).rejects.toMatchObject({
    reason: 'ROOM_NOT_FOUND',
  });
});

it('shows a read as soon as it is acknowledged to whoever asks the same pod', async () => {
  const { operations } = servers.pods[0];
  const roomId = await roomOf(['bob'], 3);
  for (const messageId of [1, 2, 3]) {
    const before = await statuses(roomId);
    await operations.markMessageRead(as('bob'), { roomId, messageId });
    expect(await statuses(roomId)).toEqual(before.with(messageId - 1, 'read'));
  }
});

it('counts no own message as unread, and an answer as having read what is before it', async () => {
  const { operations } = servers.pods[0];
  const roomId = await roomOf(['bob'], 3);
  const unreadOf = async (user: string) => (await operations.getRoom(as(user), { roomId })).room?.unreadCount;
  expect([await unreadOf('ann'), await unreadOf('bob')]).toEqual([0, 3]);
  await operations.sendMessage(as('bob'), { ...text, roomId });
  expect([await unreadOf('ann'), await unreadOf('bob')]).toEqual([1, 0]);
  const { rooms } = await operations.listRooms(as('bob'), { cursor: '', limit: 1 });
  expect(rooms[0]).toMatchObject({ roomId, unreadCount: 0, readUpTo: 4, deliveredUpTo: 4 });
  await operations.markMessageDelivered(as('ann'), { roomId, messageId: 4 });
  expect(await statuses(roomId)).toEqual(['read', 'read', 'read', 'delivered']);
});

it('counts unread from joining, also for who sees all of it, and nobody as a reader of what was said before', async () => {
  const { operations } = servers.pods[0];
  const roomId = await roomOf(['bob'], 3);
  await operations.markMessageRead(as('bob'), { roomId, messageId: 3 });
  const { room } = await operations.addParticipants(as('ann'), { roomId, userIds: ['cy'] });
  expect(room?.participants).toContain('cy');
  const joined = await operations.getRoom(as('cy'), { roomId });
  expect(joined.room).toMatchObject({ unreadCount: 0, readUpTo: 3, deliveredUpTo: 3, head: 3 });
  await operations.sendMessage(as('ann'), { ...text, roomId });
  expect((await operations.getRoom(as('cy'), { roomId })).room?.unreadCount).toBe(1);
  const page = await operations.getMessageHistory(as('cy'), { roomId, limit: 0, afterId: 0 });
  expect(page).toMatchObject({ truncated: false });
  expect(page.messages.map(({ status, readBy }) => [status, ...readBy.map(({ userId }) => userId)])).toEqual([
    ['read', 'bob'],
    ['read', 'bob'],
    ['read', 'bob'],
    ['sent'],
  ]);
});

it('writes no message document and one batch for 500 readers of 100 messages', async () => {
  const { operations, mongo } = servers.pods[0];
  const readers = Array.from({ length: 499 }, (_, index) => `reader-${index}`);
  const roomId = await roomOf(readers, 100);
  const writes: { target: string; statements: number }[] = [];
  const note = ({ command }: CommandStartedEvent): void => {
    for (const name of ['insert', 'update', 'delete', 'findAndModify']) {
      if (typeof command[name] !== 'string') continue;
      writes.push({ target: command[name], statements: ((command['updates'] ?? []) as unknown[]).length });
    }
  };
  mongo.client.on('commandStarted', note);
  const startedAt = performance.now();
  await Promise.all(
    readers.flatMap((reader) =>
      Array.from({ length: 100 }, (_, index) =>
        untilAnswered(() => operations.markMessageRead(as(reader), { roomId, messageId: index + 1 })),
      ),
    ),
  );
  const windows = Math.ceil((performance.now() - startedAt) / 250) + 1;
  mongo.client.off('commandStarted', note);
  expect(new Set(writes.map(({ target }) => target))).toEqual(new Set(['participants']));
  expect(writes.length).toBeLessThanOrEqual(windows);
  expect(writes.reduce((sum, { statements }) => sum + statements, 0)).toBeLessThanOrEqual(499 * windows);
});

it('takes a command each 250 ms for ten readers of each of 200 messages in two rooms, and an event for each room', async () => {
  const { operations, mongo, redis } = servers.pods[0];
  const readers = Array.from({ length: 9 }, (_, index) => `reader-${index}`);
  const rooms = await Promise.all([roomOf(readers, 1), roomOf(readers, 1)]);
  await Promise.all(rooms.map((roomId) => operations.markMessageRead(as('reader-0'), { roomId, messageId: 1 })));
  const commands: string[] = [];
  const note = ({ commandName, command }: CommandStartedEvent): void => {
    // Ten seconds after messages of the tests before it is looked who of their readers is absent.
    if (commandName === 'find' && '$or' in command['filter']) return;
    commands.push(`${commandName} ${command[commandName]}`);
  };
  mongo.client.on('commandStarted', note);
  onTestFinished(() => void mongo.client.off('commandStarted', note));
  const heard = await hearReceipts(redis as Redis, rooms);
  const startedAt = performance.now();
  for (let messageId = 2; messageId <= 101; messageId++) {
    for (const roomId of rooms) await operations.sendMessage(as('ann'), { ...text, roomId });
    const reads = rooms.flatMap((roomId) =>
      readers.map((reader) => operations.markMessageRead(as(reader), { roomId, messageId })),
    );
    // Of the last ones the answers are waited for; the others are passed by the next message, as in a busy room.
    if (messageId === 101) await Promise.all(reads);
  }
  const windows = Math.ceil((performance.now() - startedAt) / 250) + 1;
  const [inserts, others] = [/^insert messages/, /^(insert messages|find rooms)/];
  // Of the log nothing is read; the rooms themselves are looked at again now and then.
  expect(new Set(commands.filter((command) => !others.test(command)))).toEqual(new Set(['update participants']));
  expect(commands.filter((command) => !inserts.test(command)).length).toBeLessThanOrEqual(2 * windows);
  expect(commands.filter((command) => command === 'update participants').length).toBeLessThanOrEqual(windows);
  await vi.waitFor(() => expect(heard.marks.size).toBe(rooms.length * readers.length));
  await vi.waitFor(() => expect(new Set(heard.marks.values())).toEqual(new Set([101])));
  expect(heard.events).toBeLessThanOrEqual(windows * rooms.length);
});

/** Events of receipts that gateways hear of rooms from now on, and the newest mark of each reader in them. */
async function hearReceipts(redis: Redis, rooms: readonly string[]) {
  const heard = { events: 0, marks: new Map<string, number>() };
  const subscriber = redis.duplicate({ enableOfflineQueue: true });
  onTestFinished(() => subscriber.disconnect());
  subscriber.on('smessageBuffer', (_, bytes: Buffer) => {
    const event = decodeEnvelope(bytes);
    if (event?.type !== 'chat:message:read' || !rooms.includes(event.roomId)) return;
    heard.events += 1;
    const { others = [], ...first } = JSON.parse(Buffer.from(event.payload).toString()) as MessageStatusUpdate;
    for (const { userId, messageId } of [first, ...others]) heard.marks.set(`${event.roomId} ${userId}`, messageId);
  });
  await subscriber.ssubscribe(...new Set(rooms.map(roomChannel)));
  return heard;
}
