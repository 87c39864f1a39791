import type { RoomId } from '@parlance/proto';
import { monthOf } from '@parlance/storage';
import { Long } from 'mongodb';
import { expect, it } from 'vitest';
import { redisKeys } from '../../src/events/redis-keys.js';
import { MongoRoomStore } from '../../src/features/rooms/mongo-room-store.js';
import { LogRollback } from '../../src/features/slots/log-rollback.js';
import { MongoMessageStore } from '../../src/features/slots/mongo-message-store.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

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
  const { rooms } = await operations.resume(as('cy'), { rooms: [{ roomId, messageId: 0, rev: 0, epoch: 0 }] });
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

it('lists the participants with roles and marks, in pages that miss and repeat none while people come and go', async () => {
  const [one, two] = servers.pods;
  const others = Array.from({ length: 7 }, (_, index) => `p${index}`);
  const { roomId, createdAt } = await create({ participants: others });
  await one.operations.setRole(as('ann'), { roomId, userId: 'p1', role: 'admin' });
  await one.operations.sendMessage(as('p2'), { roomId, ...text });
  await one.operations.markMessageDelivered(as('p3'), { roomId, messageId: 1 });
  const list = (cursor: string, by = 'p6') => two.operations.listRoomParticipants(as(by), { roomId, cursor, limit: 3 });
  const first = await list('');
  expect(first.participants).toMatchObject([
    { userId: 'ann', role: 'owner', joinedAt: createdAt, deliveredUpTo: 0, readUpTo: 0 },
    { userId: 'p0', role: 'participant' },
    { userId: 'p1', role: 'admin' },
  ]);
  expect(first).toMatchObject({ hasMore: true, cursor: 'p1' });
  await one.operations.removeParticipant(as('ann'), { roomId, userId: 'p0' });
  await one.operations.addParticipants(as('ann'), { roomId, userIds: ['p31'] });
  const second = await list(first.cursor);
  expect(second.participants).toMatchObject([
    { userId: 'p2', deliveredUpTo: 1, readUpTo: 1 },
    { userId: 'p3', deliveredUpTo: 1, readUpTo: 0 },
    // Who joins starts at the newest message.
    { userId: 'p31', role: 'participant', deliveredUpTo: 1, readUpTo: 1 },
  ]);
  expect(second.participants[2]?.joinedAt).toBeGreaterThan(createdAt);
  const third = await list(second.cursor);
  expect(third).toMatchObject({
    participants: [{ userId: 'p4' }, { userId: 'p5' }, { userId: 'p6' }],
    hasMore: false,
    cursor: '',
  });
  await expect(list('', 'p0')).rejects.toMatchObject({ reason: 'ROOM_NOT_FOUND' });
  await expect(list('{}')).rejects.toMatchObject({ reason: 'INVALID_MESSAGE' });
  await one.operations.updateRoom(as('ann'), { roomId, metadata: undefined, joinRule: 'open', historyVisibility: '' });
  await expect(list('', 'p0')).rejects.toMatchObject({ reason: 'NOT_A_PARTICIPANT' });
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

it('begins a new epoch of a log that was put back by hand, for a gateway that has seen more, and caches nothing of the one before', async () => {
  const [one, two] = servers.pods;
  const [lost, kept] = [(await create()).roomId, (await create()).roomId];
  for (let id = 1; id <= 10; id++) {
    for (const roomId of [lost, kept]) await one.operations.sendMessage(as('ann'), { ...text, roomId });
  }
  await one.operations.markMessageRead(as('bob'), { roomId: lost, messageId: 10 });
  const roomIds = [lost, kept];
  const epochsNow = async () => {
    const { rooms } = await two.operations.getRoomHeads(as(''), { roomIds, knownHeads: [], knownEpochs: [] });
    return roomIds.map((roomId) => rooms.find((room) => room.roomId === roomId)?.epoch ?? 0);
  };
  const knownEpochs = await epochsNow();
  const goneBack = async (...knownHeads: number[]) =>
    (await two.operations.getRoomHeads(as(''), { roomIds, knownHeads, knownEpochs })).rooms;
  expect(await goneBack(10, 10)).toEqual([]);
  const { database } = two.mongo;
  const messages = database.messages(monthOf(Date.now()));
  await messages.deleteMany(
    { roomId: lost, messageId: { $gt: Long.fromNumber(5) } },
    { writeConcern: { w: 'majority' } },
  );
  const cached = (epoch: number): Promise<number> => two.redis.zcard(redisKeys.messages(lost, epoch));
  expect(await cached(knownEpochs[0] ?? 0)).toBe(10);

  const resume = async (roomId: string, messageId: number, rev: number, epoch = 0) =>
    (await two.operations.resume(as('bob'), { rooms: [{ roomId, messageId, rev, epoch }] })).rooms[0];
  // A client may claim what it likes: it is answered, and nobody else is concerned.
  expect(await resume(lost, 10, 0)).toMatchObject({ wentBack: true, head: 5, rev: 0, messages: [] });
  expect(await epochsNow()).toEqual(knownEpochs);

  expect(await goneBack(10, 10)).toMatchObject([{ roomId: lost, head: 5 }]);
  const [epoch = 0, ofKept] = await epochsNow();
  expect(epoch).toBeGreaterThan(knownEpochs[0] ?? 0);
  expect(ofKept).toBe(knownEpochs[1]);
  expect(await cached(epoch)).toBe(0);
  // Whoever still has the epoch before is told, whatever head it names; who has this one is not.
  expect(await goneBack(5, 10)).toMatchObject([{ roomId: lost, head: 5, epoch }]);
  servers.clockOffsetMs += 3_000;
  expect(await resume(lost, 5, 0, knownEpochs[0])).toMatchObject({ wentBack: true, head: 5, epoch });
  expect(await resume(lost, 5, 0, epoch)).toMatchObject({ wentBack: false, head: 5, epoch, error: undefined });
  expect(await resume(kept, 10, 4)).toMatchObject({ wentBack: true, head: 10, rev: 0 });
  expect(await resume(kept, 10, 0)).toMatchObject({ wentBack: false, head: 10, error: undefined });
  expect(await resume(lost, 5, 0)).toMatchObject({ wentBack: false, epoch, readUpTo: 5, deliveredUpTo: 5 });
  const { rooms } = await two.operations.listRoomHeads(as('bob'), {});
  expect(rooms.find(({ roomId }) => roomId === lost)).toMatchObject({ head: 5, readUpTo: 5, deliveredUpTo: 5 });
});

it('is not misled by an answer that is old: what is in the log has not gone back', async () => {
  const { roomId } = await create();
  const { operations, mongo } = servers.pods[0];
  for (let id = 1; id <= 3; id++) await operations.sendMessage(as('ann'), { ...text, roomId });
  const log = new MongoMessageStore(mongo.database);
  const setback = new LogRollback(new MongoRoomStore(mongo.database), log);
  const epoch = (await operations.getRoom(as('ann'), { roomId })).room?.epoch ?? 0;
  // A reader that a deposed primary has told of the head 1 would ask this.
  expect(await setback.hasHappened(roomId as RoomId, { head: 3, rev: 0, epoch })).toBe(false);
  expect(await setback.hasHappened(roomId as RoomId, { head: 4, rev: 0, epoch: 0 })).toBe(true);
  expect(await setback.hasHappened(roomId as RoomId, { head: 3, rev: 0, epoch: epoch + 1 })).toBe(true);
  expect(await setback.hasHappened(roomId as RoomId, { head: 3, rev: 1, epoch })).toBe(true);
  expect(await setback.hasHappened('never' as RoomId, { head: 3, rev: 1, epoch })).toBe(false);
  expect(await setback.isGone('never' as RoomId)).toBe(true);
  expect(await setback.isGone(roomId as RoomId)).toBe(false);
  servers.takeReadConcerns();
  await setback.hasHappened(roomId as RoomId, { head: 3, rev: 0, epoch });
  expect(servers.takeReadConcerns()).toEqual(['linearizable', 'linearizable']);
});
