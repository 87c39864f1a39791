import type { RoomId, UserId } from '@parlance/proto';
import { monthOf } from '@parlance/storage';
import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stores, startStores } from '../fixtures/start-stores.js';

let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => void stores.takeCommands());
afterEach(async () => {
  for (const collection of ['rooms', 'participants', 'room_events']) await refuse(collection, {});
});

/** The server refuses documents of a collection that a validator does not match. */
async function refuse(collection: string, validator: object): Promise<void> {
  await stores.database.db.command({ collMod: collection, validator });
}

const idOf = ({ roomId }: { readonly roomId: string }): RoomId => roomId as RoomId;
const takeCommand = () => stores.takeCommands()[0]?.command;
const left = (userId: string) => ({ kind: 'left', by: 'ann', userId, at: new Date(1_000) }) as const;

describe('the store of rooms', () => {
  const withoutRoster = { projection: { participants: 0, ownerId: 0, admins: 0, requests: 0 } };

  it('reads the latest by a read that no deposed primary answers, without those who are in it', async () => {
    const { roster: _roster, requests: _requests, ...room } = await stores.newGroup(['ann', 'bob']);
    stores.takeCommands();
    expect(await stores.rooms.readLatest(idOf(room))).toEqual(room);
    expect(takeCommand()).toMatchObject({ ...withoutRoster, readConcern: { level: 'linearizable' }, maxTimeMS: 3_000 });
    expect(await stores.rooms.readLatest('no-such-room' as RoomId)).toBeUndefined();
    stores.takeCommands();
    expect(await stores.rooms.read(idOf(room))).toEqual(room);
    expect(takeCommand()).toMatchObject(withoutRoster);
    expect(await stores.rooms.read('no-such-room' as RoomId)).toBeUndefined();
    expect(await stores.rooms.readWhole('no-such-room' as RoomId)).toBeUndefined();
  });

  it('reads what a room was created with, and a 1v1 that has neither owner nor admins', async () => {
    const room = await stores.newGroup(['ann', 'bob']);
    const { createdAt } = room;
    expect(room).toEqual({
      roomId: room.roomId,
      roomType: 'group',
      createdBy: 'ann',
      createdAt,
      metadata: {},
      joinRule: 'invite',
      historyVisibility: 'shared',
      epoch: createdAt,
      floor: 1,
      erasures: [],
      memberRev: 1,
      rev: 0,
      unlogged: [],
      segments: [{ monthYear: monthOf(createdAt), firstId: 1, openedAt: createdAt }],
      roster: { participants: ['ann', 'bob'], ownerId: 'ann', admins: [] },
      requests: [],
    });
    await stores.database.rooms.updateOne({ roomId: room.roomId }, { $unset: { ownerId: 1, admins: 1 } });
    const roster = { participants: ['ann', 'bob'], ownerId: null, admins: [] };
    expect((await stores.readWhole(room.roomId)).roster).toEqual(roster);
  });

  it('creates, or says why not, and takes only a room of the same id for the same', async () => {
    const {
      memberRev: _memberRev,
      rev: _rev,
      unlogged: _unlogged,
      segments: _segments,
      ...room
    } = await stores.newGroup(['ann']);
    const another = { ...room, roster: { participants: ['ann'], ownerId: 'ann', admins: [] }, monthYear: monthOf(0) };
    expect(await stores.rooms.create({ ...another, roomId: 'created' })).toBe(true);
    expect(await stores.rooms.create({ ...another, roomId: 'created' })).toBe(false);
    await refuse('rooms', { roomId: { $ne: 'refused' } });
    await expect(stores.rooms.create({ ...another, roomId: 'refused' })).rejects.toBeInstanceOf(MongoServerError);
  });
});

describe('the store of participants', () => {
  const entry = { userIds: ['ann'], memberRev: 0, firstVisibleId: 1, head: 0, joinedAt: Date.now() };
  const placeOf = (roomId: RoomId) => stores.participants.find(roomId, 'ann' as UserId);

  it('lets in who comes for the first time by one command', async () => {
    await stores.participants.enter('first' as RoomId, { ...entry, userIds: ['ann', 'bob'] });
    expect(stores.takeCommands().map(({ commandName }) => commandName)).toEqual(['insert']);
  });

  it('reads rows with all that they hold, and those of earlier builds', async () => {
    const roomId = 'rows' as RoomId;
    await stores.participants.enter(roomId, { ...entry, firstVisibleId: 3, head: 6 });
    const row = {
      roomId,
      userId: 'ann',
      firstVisibleId: 3,
      countsFrom: 7,
      deliveredUpTo: 6,
      readUpTo: 6,
      readAt: 0,
      joinedAt: entry.joinedAt,
    };
    expect(await stores.participants.inRoom(roomId)).toStrictEqual([row]);
    await stores.database.participants.updateOne({ roomId }, { $unset: { countsFrom: 1 }, $set: { role: 'admin' } });
    expect(await stores.participants.inRoom(roomId)).toStrictEqual([{ ...row, countsFrom: 3, role: 'admin' }]);
  });

  it('takes over a stay that has come to nothing for two minutes, and none before', async () => {
    const roomId = 'abandoned' as RoomId;
    await stores.participants.enter(roomId, entry);
    const again = { ...entry, firstVisibleId: 9, head: 8 };
    await stores.participants.enter(roomId, { ...again, joinedAt: entry.joinedAt + 119_000 });
    expect(await placeOf(roomId)).toMatchObject({ firstVisibleId: 1 });
    await stores.participants.enter(roomId, { ...again, joinedAt: entry.joinedAt + 121_000 });
    expect(await placeOf(roomId)).toMatchObject({ firstVisibleId: 9, joinedAt: entry.joinedAt + 121_000 });
  });

  it('lets nobody in again when a row was refused for another reason than being there', async () => {
    const roomId = 'partly' as RoomId;
    await stores.participants.enter(roomId, entry);
    await refuse('participants', { userId: { $ne: 'refused' } });
    const again = { ...entry, userIds: ['ann', 'refused'], memberRev: 1, head: 8 };
    await expect(stores.participants.enter(roomId, again)).rejects.toBeInstanceOf(MongoBulkWriteError);
    expect(await placeOf(roomId)).toMatchObject({ readUpTo: 0 });
  });

  it('raises the marks of others when those of one cannot be raised', async () => {
    const rooms = ['raise-1', 'raise-2'] as const;
    for (const roomId of rooms) await stores.participants.enter(roomId as RoomId, entry);
    await refuse('participants', { $nor: [{ roomId: 'raise-1', readUpTo: 13 }] });
    const marks = rooms.map((roomId) => ({ roomId, userId: 'ann', delivered: 13, read: 13 }));
    await expect(stores.receipts.raise(marks, 1)).rejects.toBeInstanceOf(MongoBulkWriteError);
    const places = await Promise.all(rooms.map((roomId) => placeOf(roomId as RoomId)));
    expect(places.map((place) => place?.readUpTo)).toEqual([0, 13]);
  });
});

describe('the store of room events', () => {
  it('reads an event as it was told, and asks for the newest number alone', async () => {
    const room = await stores.newGroup(['ann', 'bob']);
    expect(await stores.events.newest(idOf(room))).toBe(0);
    await stores.rooms.change(room, { events: [left('bob'), left('ann')] });
    await stores.events.log(await stores.readWhole(room.roomId));
    const told = { roomId: room.roomId, kind: 'left', by: 'ann', at: 1_000 };
    expect(await stores.events.after(idOf(room), 0, 9)).toEqual([
      { ...told, rev: 1, userId: 'bob' },
      { ...told, rev: 2, userId: 'ann' },
    ]);
    stores.takeCommands();
    expect(await stores.events.newest(idOf(room))).toBe(2);
    expect(takeCommand()).toMatchObject({ limit: 1, projection: { rev: 1 } });
  });

  it('says that a part cannot be read', async () => {
    const room = await stores.newGroup(['ann']);
    await stores.rooms.change(room, { events: [left('ann'), left('ann')] });
    await stores.events.log(await stores.readWhole(room.roomId));
    await stores.database.roomEvents.deleteOne({ roomId: room.roomId });
    await expect(stores.events.after(idOf(room), 0, 9)).rejects.toThrow('cannot be read now');
  });

  it('asks nothing of the database for a room whose events all lie there', async () => {
    await stores.events.log({ roomId: 'none', unlogged: [] });
    expect(stores.takeCommands()).toEqual([]);
  });

  it('leaves events in the room when they could not be put in', async () => {
    const room = await stores.newGroup(['ann', 'bob']);
    await stores.rooms.change(room, { events: [left('bob'), left('ann')] });
    await refuse('room_events', { userId: { $ne: 'bob' } });
    const changed = await stores.readWhole(room.roomId);
    await expect(stores.events.log(changed)).rejects.toBeInstanceOf(MongoBulkWriteError);
    expect(await stores.events.newest(idOf(room))).toBe(0);
    expect(await stores.readWhole(room.roomId)).toMatchObject({ rev: 0, unlogged: [{}, {}] });
    await refuse('room_events', {});
    await stores.events.log(changed);
    expect(await stores.readWhole(room.roomId)).toMatchObject({ rev: 2, unlogged: [] });
    expect((await stores.events.after(idOf(room), 0, 9)).map(({ userId }) => userId)).toEqual(['bob', 'ann']);
  });
});

it('asks for all revocations without a limit of time, and otherwise for those from a time on', async () => {
  await stores.revocations.since();
  await stores.revocations.since(5);
  const filters = stores.takeCommands().map(({ command }) => command['filter'] as object);
  expect(filters).toEqual([{}, { revokedBefore: { $gte: new Date(5) } }]);
});
