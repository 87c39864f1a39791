import type { RoomId, UserId } from '@parlance/proto';
import { addMonths, createCollections, createMonth, monthOf, revocationTtlSeconds } from '@parlance/storage';
import { Long, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Stores, startStores } from '../fixtures/start-stores.js';

const month = monthOf(Date.now());
const ann = 'ann' as UserId;
const long = (value: number): Long => Long.fromNumber(value);
let stores: Stores;
beforeAll(async () => {
  stores = await startStores();
});
afterAll(() => stores[Symbol.asyncDispose]());
beforeEach(() => void stores.takeCommands());

const idOf = ({ roomId }: { readonly roomId: string }): RoomId => roomId as RoomId;
const update = (name: string) => ({
  settings: { metadata: { name } },
  events: [{ kind: 'updated', by: 'ann', at: new Date(), metadata: { name } }] as const,
});

describe('marks', () => {
  it('only rise, each by itself, and `readAt` with the read mark alone', async () => {
    const roomId = idOf(await stores.newGroup(['ann']));
    const marks = async () => {
      const { deliveredUpTo, readUpTo, readAt } = (await stores.participants.find(roomId, ann)) ?? {};
      return [deliveredUpTo, readUpTo, readAt];
    };
    const raise = (delivered: number, read: number, at: number) =>
      stores.receipts.raise([{ roomId, userId: 'ann', delivered, read }], at);
    await raise(0, 5, 100);
    expect(await marks()).toEqual([5, 5, 100]);
    await raise(4, 3, 200);
    expect(await marks()).toEqual([5, 5, 100]);
    await raise(7, 0, 300);
    expect(await marks()).toEqual([7, 5, 100]);
    await raise(0, 6, 400);
    expect(await marks()).toEqual([7, 6, 400]);
    await raise(0, 6, 500);
    expect(await marks()).toEqual([7, 6, 400]);
  });

  it('are those of who is there: nobody else of the room or of the user, and not of who has left', async () => {
    const [one, two] = [await stores.newGroup(['ann', 'bob']), await stores.newGroup(['ann'])].map(idOf);
    if (!one || !two) throw new Error('no rooms');
    await stores.participants.leave(two, ['ann'], 9, Date.now());
    await stores.receipts.raise(
      [one, two].map((roomId) => ({ roomId, userId: 'ann', delivered: 3, read: 3 })),
      1,
    );
    const rows = await stores.database.participants.find({ roomId: { $in: [one, two] } }).toArray();
    const read = rows.map(({ roomId, userId, readUpTo }) => `${roomId} ${userId} ${Number(readUpTo)}`);
    expect(new Set(read)).toEqual(new Set([`${one} ann 3`, `${one} bob 0`, `${two} ann 0`]));
  });
});

describe('a place in a room', () => {
  const entry = { firstVisibleId: 1, joinedAt: Date.now() };
  const rowOf = async (roomId: RoomId, userId = 'ann') => {
    const row = await stores.database.participants.findOne({ roomId, userId });
    const { leftAt, firstVisibleId, countsFrom, readUpTo, deliveredUpTo } = row ?? {};
    return [leftAt === null, ...[firstVisibleId, countsFrom, deliveredUpTo, readUpTo].map(Number)];
  };

  it('keeps its marks when somebody comes back, and raises them to the head', async () => {
    const roomId = idOf(await stores.newGroup(['ann']));
    await stores.receipts.raise([{ roomId, userId: 'ann', delivered: 9, read: 7 }], 1);
    await stores.participants.leave(roomId, ['ann'], 2, Date.now());
    expect(await rowOf(roomId)).toEqual([false, 1, 1, 9, 7]);
    await stores.participants.enter(roomId, { ...entry, userIds: ['ann'], memberRev: 2, firstVisibleId: 9, head: 8 });
    expect(await rowOf(roomId)).toEqual([true, 9, 9, 9, 8]);
  });

  it('stays as it is for who is there, whoever lets them in again for the same room', async () => {
    const roomId = idOf(await stores.newGroup(['ann']));
    const again = { ...entry, userIds: ['ann', 'bob', 'bob'], firstVisibleId: 6, head: 5 };
    await stores.participants.enter(roomId, { ...again, memberRev: 0 });
    expect([await rowOf(roomId), await rowOf(roomId, 'bob')]).toEqual([
      [true, 1, 1, 0, 0],
      [true, 6, 6, 5, 5],
    ]);
  });

  it('is begun anew over a stay that the room knows no longer, or that nobody can finish', async () => {
    const roomId = idOf(await stores.newGroup(['ann', 'bob']));
    const again = { ...entry, userIds: ['ann'], firstVisibleId: 6, head: 5 };
    await stores.participants.enter(roomId, { ...again, memberRev: 1 });
    expect(await rowOf(roomId)).toEqual([true, 6, 6, 5, 5]);
    const later = Date.now() + 10 * 60_000;
    await stores.participants.enter(roomId, { ...again, userIds: ['bob'], memberRev: 0, joinedAt: later });
    expect(await rowOf(roomId, 'bob')).toEqual([true, 6, 6, 5, 5]);
  });

  it('is not ended by a leaving from before it, nor for others', async () => {
    const roomId = idOf(await stores.newGroup(['ann', 'bob']));
    await stores.participants.leave(roomId, ['ann'], 0, 1);
    expect((await rowOf(roomId))[0]).toBe(true);
    await stores.participants.leave(roomId, ['ann'], 1, 1);
    await stores.participants.leave(roomId, ['ann'], 2, 2);
    expect([(await rowOf(roomId))[0], (await rowOf(roomId, 'bob'))[0]]).toEqual([false, true]);
    const row = await stores.database.participants.findOne({ roomId, userId: 'ann' });
    expect(row?.leftAt?.getTime()).toBe(1);
  });

  it('is found while it lasts: by room, by user, by both, and by what has not arrived', async () => {
    const roomId = idOf(await stores.newGroup(['finder', 'gone']));
    await stores.participants.leave(roomId, ['gone'], 1, Date.now());
    const { participants } = stores;
    expect((await participants.inRoom(roomId)).map(({ userId }) => userId)).toEqual(['finder']);
    expect((await participants.ofUser('finder' as UserId)).map((place) => place.roomId)).toEqual([roomId]);
    expect(await participants.ofUser('gone' as UserId)).toEqual([]);
    expect(await participants.find(roomId, 'gone' as UserId)).toBeUndefined();
    await stores.receipts.raise([{ roomId, userId: 'finder', delivered: 4, read: 0 }], 1);
    expect((await participants.behind([{ roomId, to: 5 }])).map(({ userId }) => userId)).toEqual(['finder']);
    expect(await participants.behind([{ roomId, to: 4 }])).toEqual([]);
  });

  it('is found with those of other rooms or users, however many they are, by one command', async () => {
    const users = Array.from({ length: 150 }, (_, index) => `together-${index}`);
    const rooms = [idOf(await stores.newGroup([...users, 'ended'])), idOf(await stores.newGroup(['together-1']))];
    await stores.participants.leave(rooms[0] as RoomId, ['ended'], 1, Date.now());
    await stores.newGroup(['somebody else']);
    const { participants } = stores;
    stores.takeCommands();
    const inRooms = await participants.inRooms(rooms);
    expect(inRooms.map(({ userId }) => userId).toSorted()).toEqual([...users, 'together-1'].toSorted());
    const ofUsers = await participants.ofUsers(['together-1', 'together-2', 'ended'] as UserId[]);
    expect(ofUsers.map(({ roomId, userId }) => `${userId} ${rooms.indexOf(roomId)}`).toSorted()).toEqual([
      'together-1 0',
      'together-1 1',
      'together-2 0',
    ]);
    expect(stores.takeCommands()).toHaveLength(2);
  });
});

describe('revocations', () => {
  it('are never taken back', async () => {
    await stores.revocations.revoke(ann, 2_000_000_000_000);
    await stores.revocations.revoke(ann, 1_000_000_000_000);
    expect(await stores.revocations.since()).toEqual([{ userId: 'ann', revokedBefore: 2_000_000_000_000 }]);
    await stores.revocations.revoke(ann, 2_000_000_000_001);
    const latest = [{ userId: 'ann', revokedBefore: 2_000_000_000_001 }];
    expect(await stores.revocations.since()).toEqual(latest);
    expect(await stores.revocations.since(2_000_000_000_001)).toEqual(latest);
    expect(await stores.revocations.since(2_000_000_000_002)).toEqual([]);
  });
});

describe('the chain of segments', () => {
  const monthsOf = async (roomId: string) => (await stores.readWhole(roomId)).segments.map((each) => each.monthYear);

  it('grows by one, whoever has seen its end, and never behind an end that is no longer the last', async () => {
    const room = await stores.newGroup(['ann'], addMonths(month, -1));
    const push = () => stores.rooms.pushSegment(room, { monthYear: month, firstId: 8 });
    await Promise.all([push(), push(), push()]);
    expect(await monthsOf(room.roomId)).toEqual([addMonths(month, -1), month]);
    await push();
    const pushed = await stores.readWhole(room.roomId);
    expect(pushed.segments).toMatchObject([{ firstId: 1 }, { firstId: 8 }]);
    expect(Math.abs((pushed.segments[1]?.openedAt ?? 0) - Date.now())).toBeLessThan(60_000);
    const [first] = room.segments;
    const other = { ...room, segments: [{ ...first, monthYear: addMonths(month, -2) } as typeof first & object] };
    const lonely = await stores.newGroup(['ann'], addMonths(month, -1));
    await stores.rooms.pushSegment({ ...other, roomId: lonely.roomId }, { monthYear: month, firstId: 8 });
    expect(await monthsOf(lonely.roomId)).toEqual([addMonths(month, -1)]);
  });

  it('takes no month that has not begun or has ended by the clock of MongoDB', async () => {
    const room = await stores.newGroup(['ann'], addMonths(month, -3));
    for (const wrong of [addMonths(month, 2), addMonths(month, -2)]) {
      await stores.rooms.pushSegment(room, { monthYear: wrong, firstId: 1 });
      expect(await monthsOf(room.roomId)).toEqual([addMonths(month, -3)]);
    }
  });
});

describe('a change of a room', () => {
  it('holds only for the room that it was decided for: of those decided at once, one', async () => {
    const room = await stores.newGroup(['ann', 'bob']);
    const held = await Promise.all(['a', 'b', 'c'].map((name) => stores.rooms.change(room, update(name))));
    expect(held.filter(Boolean)).toHaveLength(1);
    const after = await stores.readWhole(room.roomId);
    expect(after).toMatchObject({ memberRev: 2, rev: 0, metadata: { name: 'abc'[held.indexOf(true)] } });
    expect(after.unlogged.map(({ rev }) => Number(rev))).toEqual([1]);
    expect(await stores.rooms.change({ ...room, roomId: 'no-such-room' }, update('d'))).toBe(false);
  });

  it('numbers its events behind all of the room, also those that are not logged yet, and writes what was given', async () => {
    const { roomId } = await stores.newGroup(['ann', 'bob']);
    const roster = { participants: ['ann', 'bob', 'cy'], ownerId: 'bob', admins: ['ann'] };
    const at = new Date();
    const joined = [
      { kind: 'joined', userId: 'cy', role: 'participant', by: 'ann', at },
      { kind: 'role', userId: 'bob', role: 'owner', by: 'ann', at },
    ] as const;
    await stores.rooms.change(await stores.readWhole(roomId), update('first'));
    await stores.rooms.change(await stores.readWhole(roomId), { roster, events: joined });
    const room = await stores.readWhole(roomId);
    expect(room).toMatchObject({ rev: 0, memberRev: 3, roster, metadata: { name: 'first' }, joinRule: 'invite' });
    await Promise.all([stores.events.log(room), stores.events.log(room), stores.events.log(room)]);
    const logged = await stores.events.after(roomId as RoomId, 0, 10);
    expect(logged.map(({ rev, kind, userId }) => [rev, kind, userId])).toEqual([
      [1, 'updated', undefined],
      [2, 'joined', 'cy'],
      [3, 'role', 'bob'],
    ]);
    expect(await stores.readWhole(roomId)).toMatchObject({ rev: 3, unlogged: [] });
    expect((await stores.events.after(roomId as RoomId, 1, 1)).map(({ rev }) => rev)).toEqual([2]);
    expect(await stores.events.newest(roomId as RoomId)).toBe(3);
    await stores.rooms.change(await stores.readWhole(roomId), update('last'));
    expect((await stores.readWhole(roomId)).unlogged.map(({ rev }) => Number(rev))).toEqual([4]);
  });

  it('leaves to others the events that have come since', async () => {
    const { roomId } = await stores.newGroup(['ann']);
    await stores.rooms.change(await stores.readWhole(roomId), update('first'));
    const early = await stores.readWhole(roomId);
    await stores.rooms.change(early, update('second'));
    await stores.events.log(early);
    expect((await stores.readWhole(roomId)).unlogged.map(({ rev }) => Number(rev))).toEqual([2]);
  });

  it('shows an error and no hole where an event is missing', async () => {
    const roomId = 'holes' as RoomId;
    const event = { roomId, kind: 'left', by: 'ann', userId: 'ann', at: new Date() } as const;
    await stores.database.roomEvents.insertMany(
      [1, 3].map((rev) => ({ ...event, _id: new ObjectId(), rev: long(rev) })),
    );
    await expect(stores.events.after(roomId, 0, 10)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
    await expect(stores.events.after(roomId, 1, 10)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
    expect(await stores.events.after(roomId, 2, 10)).toHaveLength(1);
  });
});

describe('rooms', () => {
  it('are created once, and listed to those who are in them', async () => {
    const room = await stores.newGroup(['ann', 'bob']);
    const again = {
      ...room,
      metadata: { name: 'again' },
      monthYear: month,
      roster: { participants: ['bob'], ownerId: 'bob', admins: [] },
    };
    expect(await stores.rooms.create(again)).toBe(false);
    expect(await stores.readWhole(room.roomId)).toEqual(room);
    const ids = [idOf(room), idOf(await stores.newGroup(['bob'])), 'no-such-room' as RoomId];
    expect((await stores.rooms.readMany(ids, ann)).map(({ roomId }) => roomId)).toEqual([room.roomId]);
    expect(await stores.rooms.readMany(ids)).toHaveLength(2);
    expect(await stores.rooms.readMany([idOf(room)])).toEqual([expect.not.objectContaining({ roster: room.roster })]);
    const old = await stores.newGroup(['bob']);
    await stores.database.rooms.updateOne(
      { roomId: old.roomId },
      { $unset: { participants: 1, ownerId: 1, admins: 1 } },
    );
    expect((await stores.readWhole(old.roomId)).roster).toBeUndefined();
    expect(await stores.rooms.readMany([idOf(old)], ann)).toHaveLength(1);
  });

  it('are listed to several at once, to each those that they are in', async () => {
    const [room, other, old] = [
      await stores.newGroup(['ann', 'bob', 'eve']),
      await stores.newGroup(['bob']),
      await stores.newGroup(['bob']),
    ];
    await stores.database.rooms.updateOne({ roomId: old.roomId }, { $unset: { participants: 1 } });
    const ids = [...[room, other, old].map(idOf), 'no-such-room' as RoomId];
    stores.takeCommands();
    const found = await stores.rooms.readManyWith(ids, [ann, 'bob' as UserId]);
    const [{ command } = { command: {} }] = stores.takeCommands();
    expect(command).toMatchObject({ readConcern: { level: 'majority' }, maxTimeMS: 3_000 });
    expect([...found.keys()].toSorted()).toEqual([room, other, old].map(({ roomId }) => roomId).toSorted());
    expect([room, other, old].map(({ roomId }) => found.get(roomId)?.among)).toEqual([
      new Set(['ann', 'bob']),
      new Set(['bob']),
      undefined,
    ]);
    const { roster: _roster, requests: _requests, ...plain } = room;
    expect(found.get(room.roomId)?.room).toEqual(plain);
    const whole = await stores.rooms.readManyWhole([room.roomId, other.roomId, 'no-such-room']);
    const byId = (one: { readonly roomId: string }, two: { readonly roomId: string }) =>
      one.roomId < two.roomId ? -1 : 1;
    expect(whole.toSorted(byId)).toEqual([room, other].toSorted(byId));
    expect(stores.takeCommands()[0]?.command).toMatchObject({ readConcern: { level: 'majority' }, maxTimeMS: 3_000 });
  });
});

describe('the database', () => {
  it('refuses a second one of everything that there is once', async () => {
    const { database } = stores;
    const taken = { code: 11_000 };
    const { roomId } = await stores.newGroup(['ann']);
    const room = await database.rooms.findOne({ roomId });
    const row = await database.participants.findOne({ roomId });
    if (!room || !row) throw new Error('no room');
    const { _id, ...place } = row;
    await expect(database.rooms.insertOne({ ...room, _id: 'another' })).rejects.toMatchObject(taken);
    await expect(database.participants.insertOne({ ...place, _id: new ObjectId() })).rejects.toMatchObject(taken);
    const event = { roomId, rev: long(1), kind: 'left', by: 'ann', at: new Date() } as const;
    await database.roomEvents.insertOne({ ...event, _id: new ObjectId() });
    await expect(database.roomEvents.insertOne({ ...event, _id: new ObjectId() })).rejects.toMatchObject(taken);
    await stores.revocations.revoke('twice' as UserId, 1_900_000_000_000);
    const revocation = { _id: 'other', userId: 'twice', revokedBefore: new Date() };
    await expect(database.revocations.insertOne(revocation)).rejects.toMatchObject(taken);
    const entry = { _id: new ObjectId(), monthYear: month, state: 'OPEN', tier: 'hot', epoch: 1 } as const;
    await expect(database.months.insertOne(entry)).rejects.toMatchObject(taken);
  });

  it('takes one message a slot, and one a client id of a sender in a room, and any number of seals', async () => {
    const slot = (roomId: string, messageId: number, senderId: string, clientMessageId: string) => ({
      _id: new ObjectId(),
      monthYear: month,
      roomId,
      messageId: long(messageId),
      timestamp: new Date(),
      senderId,
      clientMessageId,
      bodyHash: 'h',
      content: 'hi',
      messageType: 'text' as const,
    });
    const kinds = async (...slots: ReturnType<typeof slot>[]) =>
      (await stores.messages.insert(month, slots, false)).map(({ kind }) => kind);
    expect(await kinds(slot('a', 1, 'ann', 'x'), slot('b', 1, 'ann', 'x'))).toEqual(['committed', 'committed']);
    expect(await kinds(slot('a', 1, 'bob', 'y'), slot('b', 2, 'ann', 'x'))).toEqual(['taken', 'taken']);
    expect(await kinds(slot('a', 2, 'bob', 'x'))).toEqual(['committed']);
    const seal = (messageId: number) => ({
      _id: new ObjectId(),
      kind: 'seal' as const,
      monthYear: month,
      roomId: 'a',
      messageId: long(messageId),
      timestamp: new Date(),
    });
    expect((await stores.messages.insert(month, [seal(3), seal(4)], true)).map(({ kind }) => kind)).toEqual([
      'committed',
      'committed',
    ]);
  });

  it('forgets revocations after ninety days, and has no index that costs a write for nothing', async () => {
    const { database } = stores;
    const indexesOf = async (name: string) => {
      const indexes = await database.db.collection(name).indexes();
      return indexes.map((index) => [index.name, index['unique'] ?? false, index['expireAfterSeconds'] ?? 0]);
    };
    const id = ['_id_', false, 0];
    expect(await indexesOf('rooms')).toEqual([id, ['room', true, 0]]);
    expect(await indexesOf('participants')).toEqual([id, ['room_user', true, 0], ['user', false, 0]]);
    expect(await indexesOf('room_events')).toEqual([id, ['room_rev', true, 0]]);
    expect(await indexesOf('revocations')).toEqual([id, ['user', true, 0], ['expiry', false, revocationTtlSeconds]]);
    expect(await indexesOf('months')).toEqual([id, ['month', true, 0]]);
  });

  it('keeps a sealed month sealed when it is created again', async () => {
    const { database } = stores;
    const sealed = addMonths(month, -5);
    await createMonth(database, sealed);
    await database.months.updateOne({ monthYear: sealed }, { $set: { state: 'SEALED', epoch: 4 } });
    await createCollections(database);
    await createMonth(database, sealed);
    expect(await database.months.findOne({ monthYear: sealed })).toMatchObject({ state: 'SEALED', epoch: 4 });
  });

  it('is asked at majority from the primary, told to have a majority, and given a time by every store', async () => {
    const room = await stores.newGroup(['ann', 'bob']);
    const roomId = idOf(room);
    const { rooms, participants, events, messages, receipts, revocations } = stores;
    await rooms.change(room, update('x'));
    await events.log(await stores.readWhole(roomId));
    await events.after(roomId, 0, 1);
    await events.newest(roomId);
    await rooms.read(roomId);
    await rooms.pushSegment(room, { monthYear: addMonths(month, 1), firstId: 1 });
    await participants.inRoom(roomId);
    await participants.behind([{ roomId, to: 1 }]);
    await participants.leave(roomId, ['bob'], 5, 1);
    await receipts.raise([{ roomId, userId: 'ann', delivered: 1, read: 1 }], 1);
    await revocations.revoke('x' as UserId, 1_900_000_000_000);
    await revocations.since();
    await messages.readLast(month, roomId);
    await messages.readLasts(month, [roomId]);
    await messages.readRange(month, roomId, { from: 1, to: 2 });
    await messages.findByClientKeys(month, roomId, [{ senderId: 'a', clientMessageId: 'b' }]);
    await messages.findByClientKeys(month, roomId, [{ senderId: 'a', clientMessageId: 'b' }], 'linearizable');
    const seal = {
      _id: new ObjectId(),
      kind: 'seal' as const,
      monthYear: month,
      roomId,
      messageId: long(1),
      timestamp: new Date(),
    };
    await messages.insert(month, [seal], true);
    const commands = stores.takeCommands();
    const levels = commands.flatMap(({ command }) => command['readConcern']?.level ?? []) as string[];
    expect(levels.filter((level) => level !== 'majority')).toEqual(['linearizable']);
    const reads = commands.filter(({ commandName }) => ['find', 'aggregate'].includes(commandName));
    const writes = commands.filter(({ commandName }) => ['insert', 'update', 'delete'].includes(commandName));
    expect([reads.length, writes.length]).toEqual([13, 10]);
    for (const { command } of reads) {
      // The primary is the default of the driver and has no name in the command.
      expect(command).toMatchObject({ maxTimeMS: 3_000, readConcern: { level: expect.any(String) as string } });
      expect(command['$readPreference']).toBeUndefined();
    }
    const durable = { maxTimeMS: 3_000, writeConcern: { w: 'majority', wtimeout: 3_000 } };
    for (const { command } of writes) expect(command).toMatchObject(durable);
  });
});
