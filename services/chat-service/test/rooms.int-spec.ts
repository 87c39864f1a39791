import { afterAll, beforeAll, expect, it } from 'vitest';
import { as, type Pods, startPods } from './fixtures/start-pods.js';

let servers: Pods;
beforeAll(async () => {
  servers = await startPods();
});
afterAll(() => servers[Symbol.asyncDispose]());

const group = { roomType: 'group', participants: ['bob'], metadata: undefined, joinRule: '', historyVisibility: '' };
const text = { messageType: '', clientMessageId: '', metadataJson: '', content: 'hi' };

async function create(change: Partial<typeof group> = {}, by = 'ann') {
  const { room } = await servers.pods[0].operations.createRoom(as(by), { ...group, ...change });
  if (!room) throw new Error('no room');
  return room;
}

it('makes the creator the owner and adds them to the participants', async () => {
  const room = await create();
  expect(room).toMatchObject({ role: 'owner', memberRev: 1, head: 0, joinRule: 'invite', historyVisibility: 'shared' });
  expect(room.participants.toSorted()).toEqual(['ann', 'bob']);
});

it('makes one room of 50 requests for the same pair on two pods', async () => {
  const request = { ...group, roomType: '1v1' };
  const rooms = await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const [me, other] = index % 3 ? ['dan', 'eve'] : ['eve', 'dan'];
      const pod = servers.pods[index % 2 ? 1 : 0];
      return pod.operations.createRoom(as(me ?? ''), { ...request, participants: [other ?? ''] });
    }),
  );
  expect(new Set(rooms.map(({ room }) => room?.roomId)).size).toBe(1);
  expect(rooms[0]?.room?.participants.toSorted()).toEqual(['dan', 'eve']);
  const { rooms: listed } = await servers.pods[1].operations.listRooms(as('dan'), { cursor: '', limit: 0 });
  expect(listed).toHaveLength(1);
});

it.each([
  ['a 1v1 of one', { roomType: '1v1', participants: [] }],
  ['a 1v1 of three', { roomType: '1v1', participants: ['bob', 'cy'] }],
  ['an unknown room type', { roomType: 'channel' }],
  ['an id with braces', { participants: ['{bob}'] }],
  ['an unknown join rule', { joinRule: 'anyone' }],
])('refuses %s and creates nothing', async (_name, change) => {
  const count = () => servers.pods[0].mongo.database.rooms.countDocuments();
  const before = await count();
  await expect(create(change)).rejects.toMatchObject({ reason: 'INVALID_MESSAGE' });
  expect(await count()).toBe(before);
});

it('answers alike for a room that is absent and one that is private', async () => {
  const { operations } = servers.pods[0];
  const { roomId } = await create();
  for (const target of [roomId, 'no-such-room']) {
    const outsider = as('mallory');
    const attempts = await Promise.allSettled([
      operations.sendMessage(outsider, { ...text, roomId: target }),
      operations.getMessageHistory(outsider, { roomId: target, limit: 0 }),
      operations.getRoom(outsider, { roomId: target }),
      operations.joinRoom(outsider, { roomId: target }),
      operations.leaveRoom(outsider, { roomId: target }),
    ]);
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: { reason: 'ROOM_NOT_FOUND', outcome: 'rejected' } });
    }
  }
});

it('lets anyone join an open room, and tells outsiders to', async () => {
  const { operations } = servers.pods[0];
  const { roomId } = await create({ joinRule: 'open' });
  await expect(operations.sendMessage(as('cy'), { ...text, roomId })).rejects.toMatchObject({
    reason: 'NOT_A_PARTICIPANT',
  });
  const { room } = await operations.joinRoom(as('cy'), { roomId });
  expect(room).toMatchObject({ role: 'participant', memberRev: 2 });
  expect((await operations.joinRoom(as('cy'), { roomId })).room?.memberRev).toBe(2);
  expect((await operations.sendMessage(as('cy'), { ...text, roomId })).message?.messageId).toBe(1);
});

it('hides what was said before a newcomer joined, where the room says so', async () => {
  const { operations } = servers.pods[0];
  const { roomId } = await create({ joinRule: 'open', historyVisibility: 'joined' });
  for (let index = 0; index < 3; index++) await operations.sendMessage(as('ann'), { ...text, roomId });
  await operations.joinRoom(as('cy'), { roomId });
  await operations.sendMessage(as('ann'), { ...text, roomId });
  const page = await operations.getMessageHistory(as('cy'), { roomId, limit: 0, afterId: 0 });
  expect(page).toMatchObject({ truncated: true, firstAvailableId: 4 });
  expect(page.messages.map(({ messageId }) => messageId)).toEqual([4]);
  const { rooms } = await operations.resume(as('cy'), { rooms: [{ roomId, messageId: 0, rev: 0 }] });
  expect(rooms[0]).toMatchObject({ truncated: true, firstAvailableId: 4, messages: [] });
});

it('lets a participant leave a group, once, and nobody leave a 1v1', async () => {
  const { operations } = servers.pods[0];
  const { roomId } = await create();
  await operations.leaveRoom(as('bob'), { roomId });
  await expect(operations.sendMessage(as('bob'), { ...text, roomId })).rejects.toMatchObject({
    reason: 'ROOM_NOT_FOUND',
  });
  await expect(operations.leaveRoom(as('bob'), { roomId })).rejects.toMatchObject({ reason: 'ROOM_NOT_FOUND' });
  const direct = await create({ roomType: '1v1' });
  await expect(operations.leaveRoom(as('ann'), { roomId: direct.roomId })).rejects.toMatchObject({
    reason: 'PERMISSION_DENIED',
  });
});

it('answers the retry of a message that was acknowledged before its sender left', async () => {
  const { operations } = servers.pods[0];
  const { roomId } = await create();
  const request = { ...text, roomId, clientMessageId: 'parting-word' };
  const first = await operations.sendMessage(as('bob'), request);
  await operations.leaveRoom(as('bob'), { roomId });
  expect(await operations.sendMessage(as('bob'), request)).toEqual({ ...first, deduplicated: true });
});

it('lists rooms by last activity in pages that miss and repeat none', async () => {
  const { operations } = servers.pods[0];
  const ids: string[] = [];
  for (let index = 0; index < 7; index++) ids.push((await create({ participants: [] }, 'lister')).roomId);
  for (const roomId of ids.toReversed()) await operations.sendMessage(as('lister'), { ...text, roomId });
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const page = await operations.listRooms(as('lister'), { cursor, limit: 3 });
    seen.push(...page.rooms.map(({ roomId }) => roomId));
    if (!page.hasMore) break;
    cursor = page.cursor;
  }
  expect(seen.toSorted()).toEqual(ids.toSorted());
  expect(seen.at(-1)).toBe(ids.at(-1));
});

it('knows at once, on every pod, somebody who has just joined through another', async () => {
  const [one, two] = servers.pods;
  const { roomId } = await create({ joinRule: 'open' });
  await two.operations.getRoom(as('ann'), { roomId });
  await one.operations.joinRoom(as('newcomer'), { roomId });
  expect((await two.operations.sendMessage(as('newcomer'), { ...text, roomId })).message?.messageId).toBe(1);
  const page = await two.operations.getMessageHistory(as('newcomer'), { roomId, limit: 0 });
  expect(page.messages).toHaveLength(1);
});
