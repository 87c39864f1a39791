import type { RoomId, UserId } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import type { Row } from './mongo-participant-store.js';
import type { MongoRoomStore, WholeRoom } from './mongo-room-store.js';
import { RoomDirectory } from './room-directory.js';

const r = 'r' as RoomId;

describe('RoomDirectory', () => {
  it('reads the participants again in a new epoch of the log, though the room counts as many changes as before', async () => {
    const { directory, stored, pass, replaced } = someDirectory();
    expect([...((await directory.find(r))?.participants.keys() ?? [])]).toEqual(['ann', 'ben']);
    stored.room = someRoom({ epoch: 2, users: ['ann'] });
    pass(3_000);
    const view = await directory.find(r);
    expect([view?.room.epoch, [...(view?.participants.keys() ?? [])]]).toEqual([2, ['ann']]);
    expect(replaced).toEqual(['r']);
  });

  it('tells of a new epoch also when a change of this pod has made it forget the view meanwhile', async () => {
    const { directory, stored, replaced } = someDirectory();
    await directory.find(r);
    directory.forget(r);
    await directory.find(r);
    expect(replaced).toEqual([]);
    stored.room = someRoom({ epoch: 2 });
    directory.forget(r);
    expect((await directory.find(r))?.room.epoch).toBe(2);
    expect(replaced).toEqual(['r']);
  });

  it('tells of a room that is there no longer, and of one that was created again under its id', async () => {
    const { directory, stored, pass, replaced } = someDirectory();
    await directory.find(r);
    stored.room = undefined;
    pass(3_000);
    expect(await directory.find(r)).toBeUndefined();
    expect(replaced).toEqual(['r']);
    stored.room = someRoom({ epoch: 7 });
    expect((await directory.find(r))?.room.epoch).toBe(7);
  });

  it('tells nothing as long as the epoch stands', async () => {
    const { directory, pass, replaced } = someDirectory();
    for (let count = 0; count < 40; count++) {
      await directory.find(r);
      pass(3_000);
    }
    expect(replaced).toEqual([]);
  });
});

function someDirectory() {
  const stored: { room: WholeRoom | undefined } = { room: someRoom({ epoch: 1 }) };
  let now = 0;
  const rooms = { read: async () => stored.room, readWhole: async () => stored.room };
  const participants = {
    inRoom: async () => ['ann', 'ben'].map((userId) => ({ roomId: 'r', userId: userId as UserId }) as unknown as Row),
  };
  const replaced: string[] = [];
  const directory = new RoomDirectory(
    rooms as unknown as MongoRoomStore,
    participants,
    () => now,
    (roomId) => void replaced.push(roomId),
  );
  return { directory, stored, replaced, pass: (ms: number) => void (now += ms) };
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
