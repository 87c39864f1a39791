import { describe, expect, it } from 'vitest';
import type { Committed } from '../log/pending-send.js';
import type { OfflinePointerStore } from './offline-pointer-store.js';
import { absentAfterMs, type LaggingParticipant, type LaggingReader, OfflinePointers } from './offline-pointers.js';

/** Rooms with marks, and what was asked and written about them. */
function world() {
  let time = 0;
  const marks = new Map<string, LaggingParticipant>();
  const pointers = new Map<string, string>();
  const queries: number[] = [];
  const hooks = { whileAsking: (): void => {} };
  let depth = 0;
  const behind: LaggingReader['behind'] = async (rooms) => {
    queries.push(rooms.length);
    const found = [...marks.values()].filter(({ roomId, deliveredUpTo }) =>
      rooms.some((room) => room.roomId === roomId && deliveredUpTo < room.to),
    );
    hooks.whileAsking();
    return found;
  };
  const store: Pick<OfflinePointerStore, 'put' | 'remove'> = {
    put: (some) => {
      for (const { userId, roomId, from, to } of some) pointers.set(`${userId}/${roomId}`, `${from}-${to}`);
    },
    remove: (some) => {
      for (const { userId, roomId } of some) pointers.delete(`${userId}/${roomId}`);
    },
  };
  const offlineQueue = {
    set: (messages: number): void => {
      depth = messages;
    },
  };
  const offline = new OfflinePointers({ behind }, store, { offlineQueue }, () => time);
  const mark = (userId: string, roomId: string, deliveredUpTo: number, firstVisibleId = 1): void => {
    marks.set(`${userId}/${roomId}`, { userId, roomId, deliveredUpTo, firstVisibleId });
  };
  return {
    pointers,
    queries,
    hooks,
    mark,
    depth: () => depth,
    say: (roomId: string, senderId: string, ...ids: number[]): void =>
      offline.committed(
        roomId,
        ids.map((messageId) => ({ slot: { messageId, senderId } }) as Committed),
      ),
    report: (userId: string, roomId: string, delivered: number, before: number): void => {
      mark(userId, roomId, delivered);
      const of = { userId, roomId, read: 0 };
      offline.reported({ ...of, delivered }, { ...of, delivered: before });
    },
    replace: (roomId: string): void => offline.forgetRoom(roomId),
    after: async (ms: number): Promise<void> => {
      time += ms;
      await offline.look();
    },
  };
}

describe('OfflinePointers', () => {
  it('points whoever has not reported a message after ten seconds to what they miss, but not its sender', async () => {
    const { mark, say, after, pointers, depth } = world();
    mark('ann', 'room', 0);
    mark('bob', 'room', 3);
    mark('cara', 'room', 6);
    mark('late', 'room', 0, 6);
    say('room', 'ann', 5, 6);
    await after(absentAfterMs - 1);
    expect(pointers.size).toBe(0);
    await after(1);
    expect(Object.fromEntries(pointers)).toEqual({ 'bob/room': '4-6', 'late/room': '6-6' });
    expect(depth()).toBe(4);
  });

  it('asks about all rooms that are due at once, however many messages were said there', async () => {
    const { say, after, queries } = world();
    for (let room = 0; room < 50; room++) for (let id = 1; id <= 40; id++) say(`room-${room}`, 'ann', id);
    for (let round = 0; round < 4; round++) await after(absentAfterMs);
    expect(queries).toEqual([50, 50]);
  });

  it('lengthens the pointer while the room goes on talking, by what is at least ten seconds old', async () => {
    const { mark, say, after, pointers, queries, depth } = world();
    mark('bob', 'room', 0);
    for (let second = 0; second <= 30; second++) {
      await after(second === 0 ? 0 : 1_000);
      say('room', second % 2 ? 'ann' : 'cara', second + 1);
    }
    expect(Object.fromEntries(pointers)).toEqual({ 'bob/room': '1-20' });
    expect([queries.length, depth()]).toEqual([3, 20]);
  });

  it('takes nobody for absent who reports each message within ten seconds', async () => {
    const { mark, say, after, report, pointers } = world();
    mark('bob', 'room', 0);
    for (let second = 0; second <= 60; second++) {
      await after(1_000);
      if (second > 5) report('bob', 'room', second - 5, second - 6);
      expect(pointers.size).toBe(0);
      say('room', 'ann', second + 1);
    }
  });

  it('shortens the pointer with every report and takes it away with the last', async () => {
    const { mark, say, after, report, pointers, depth } = world();
    mark('bob', 'room', 0);
    say('room', 'ann', 1, 2, 3);
    await after(absentAfterMs);
    report('bob', 'room', 2, -1);
    expect(Object.fromEntries(pointers)).toEqual({ 'bob/room': '3-3' });
    report('bob', 'room', 3, 2);
    expect([pointers.size, depth()]).toEqual([0, 0]);
  });

  it('takes away what another pod has put when the user reports for the first time here', () => {
    const { report, pointers } = world();
    pointers.set('bob/room', '1-9');
    report('bob', 'room', 9, -1);
    expect(pointers.size).toBe(0);
  });

  it('takes a pointer away when the user has left or caught up elsewhere', async () => {
    const { mark, say, after, pointers, depth } = world();
    mark('bob', 'room', 0);
    say('room', 'ann', 1);
    await after(absentAfterMs);
    expect(pointers.size).toBe(1);
    mark('bob', 'room', 2);
    say('room', 'ann', 2);
    await after(absentAfterMs);
    expect([pointers.size, depth()]).toEqual([0, 0]);
  });

  it('waits for nothing of a room whose log is another one', async () => {
    const { mark, say, after, replace, pointers, depth, queries } = world();
    mark('bob', 'room', 0);
    mark('bob', 'other', 0);
    say('room', 'ann', 1, 2);
    say('other', 'ann', 1);
    await after(absentAfterMs);
    say('room', 'ann', 3);
    replace('room');
    expect(Object.fromEntries(pointers)).toEqual({ 'bob/other': '1-1' });
    await after(absentAfterMs);
    expect([depth(), queries.length]).toEqual([1, 1]);
  });

  it('believes a report that comes while it asks', async () => {
    const { mark, say, after, report, pointers, hooks } = world();
    mark('bob', 'room', 0);
    say('room', 'ann', 1, 2);
    hooks.whileAsking = () => report('bob', 'room', 2, 0);
    await after(absentAfterMs);
    expect(pointers.size).toBe(0);
  });

  it('forgets the oldest of ten thousand rooms', async () => {
    const { mark, say, after, depth } = world();
    for (let room = 0; room < 10_050; room++) {
      mark('bob', `room-${room}`, 0);
      say(`room-${room}`, 'ann', 1);
    }
    await after(absentAfterMs);
    expect(depth()).toBe(10_000);
  });
});
