import type { RoomId, UserId } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import type { Row } from './mongo-participant-store.js';
import type { MongoRoomStore } from './mongo-room-store.js';
import { RoomCache } from './room-cache.js';
import type { WholeRoom } from './stored-room.js';

const r = 'r' as RoomId;

describe('RoomCache', () => {
  it('reads the participants again in a new epoch of the log, though the room counts as many changes as before', async () => {
    const { roomCache, stored, pass, replaced } = someCache();
    expect([...((await roomCache.find(r))?.participants.keys() ?? [])]).toEqual(['ann', 'ben']);
    stored.room = someRoom({ epoch: 2, users: ['ann'] });
    pass(3_000);
    const view = await roomCache.find(r);
    expect([view?.room.epoch, [...(view?.participants.keys() ?? [])]]).toEqual([2, ['ann']]);
    expect(replaced).toEqual(['r']);
  });

  it('tells of a new epoch also when a change of this pod has made it forget the view meanwhile', async () => {
    const { roomCache, stored, replaced } = someCache();
    await roomCache.find(r);
    roomCache.forget(r);
    await roomCache.find(r);
    expect(replaced).toEqual([]);
    stored.room = someRoom({ epoch: 2 });
    roomCache.forget(r);
    expect((await roomCache.find(r))?.room.epoch).toBe(2);
    expect(replaced).toEqual(['r']);
  });

  it('tells of a room that is there no longer, and of one that was created again under its id', async () => {
    const { roomCache, stored, pass, replaced } = someCache();
    await roomCache.find(r);
    stored.room = undefined;
    pass(3_000);
    expect(await roomCache.find(r)).toBeUndefined();
    expect(replaced).toEqual(['r']);
    stored.room = someRoom({ epoch: 7 });
    expect((await roomCache.find(r))?.room.epoch).toBe(7);
  });

  it('renews the views of rooms in use together, and leaves alone those that nobody asks for', async () => {
    const { roomCache, pass, read } = someCache();
    const [used, unused] = ['used' as RoomId, 'unused' as RoomId];
    for (const roomId of [r, used, unused]) await roomCache.find(roomId);
    pass(1_500);
    roomCache.fresh(used);
    pass(1_000);
    await roomCache.find(r);
    expect(read).toEqual([['r', 'used']]);
    pass(1_500);
    expect(roomCache.fresh(used)).toBeDefined();
    expect(roomCache.fresh(unused)).toBeUndefined();
  });

  it('does not take for fresh what was forgotten while it was being renewed', async () => {
    const { roomCache, pass } = someCache();
    const used = 'used' as RoomId;
    for (const roomId of [r, used]) await roomCache.find(roomId);
    pass(1_500);
    roomCache.fresh(used);
    pass(1_000);
    const renewed = roomCache.find(r);
    roomCache.forget(used);
    await renewed;
    expect(roomCache.fresh(used)).toBeUndefined();
  });

  it('calls no view fresh while somebody waits for it to be read: who comes later would be served before', async () => {
    const { roomCache, pass, answers } = someCache();
    const used = 'used' as RoomId;
    for (const roomId of [r, used]) await roomCache.find(roomId);
    pass(1_500);
    roomCache.fresh(used);
    pass(501);
    answers.hold();
    const first = roomCache.find(r);
    const waiting = roomCache.find(used);
    answers.give();
    await first;
    expect(roomCache.fresh(used)).toBeUndefined();
    answers.give();
    await waiting;
    expect(roomCache.fresh(used)).toBeDefined();
  });

  it('tells nothing as long as the epoch stands', async () => {
    const { roomCache, pass, replaced } = someCache();
    for (let count = 0; count < 40; count++) {
      await roomCache.find(r);
      pass(3_000);
    }
    expect(replaced).toEqual([]);
  });
});

function someCache() {
  const stored: { room: WholeRoom | undefined } = { room: someRoom({ epoch: 1 }) };
  let now = 0;
  const rooms = {
    readMany: async (roomIds: readonly RoomId[]) => {
      read.push(roomIds);
      await answers.next();
      return roomIds.flatMap((roomId) => (stored.room ? [{ ...stored.room, roomId }] : []));
    },
    readWhole: async () => stored.room,
  };
  const participants = {
    inRoom: async () => ['ann', 'ben'].map((userId) => ({ roomId: 'r', userId: userId as UserId }) as unknown as Row),
  };
  const replaced: string[] = [];
  const answers = someAnswers();
  const read: (readonly RoomId[])[] = [];
  const roomCache = new RoomCache(
    rooms as unknown as MongoRoomStore,
    participants,
    () => now,
    (roomId) => void replaced.push(roomId),
  );
  return { roomCache, stored, replaced, read, answers, pass: (ms: number) => void (now += ms) };
}

/** Answers of the database, which come at once until they are held. */
function someAnswers() {
  const waiting: (() => void)[] = [];
  let held = false;
  return {
    next: () => (held ? new Promise<void>((resolve) => waiting.push(resolve)) : Promise.resolve()),
    hold: () => void (held = true),
    /** Gives the one that was asked for first. */
    give: () => waiting.shift()?.(),
  };
}

function someRoom({ epoch, users = ['ann', 'ben'] }: { epoch: number; users?: readonly string[] }): WholeRoom {
  return {
    roomId: 'r',
    roomType: 'group',
    createdBy: 'ann',
    createdAt: 0,
    metadata: {},
    joinRule: 'invite',
    historyVisibility: 'shared',
    epoch,
    floor: 1,
    erasures: [],
    memberRev: 3,
    rev: 0,
    unlogged: [],
    requests: [],
    segments: [],
    roster: { participants: users, ownerId: 'ann', admins: [] },
  };
}
