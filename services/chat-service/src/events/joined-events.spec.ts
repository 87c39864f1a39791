import { limits } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { joinedEvents } from './joined-events.js';

const place = { roomId: 'r', head: 7, memberRev: 3, epoch: 9, traceId: 't' };
const people = (count: number, firstRev: number, name = 'user') =>
  Array.from({ length: count }, (_, index) => ({ userId: `${name}-${index}`, rev: firstRev + index }));

describe('joinedEvents', () => {
  it('tells of a thousand people by one event', () => {
    const users = people(1_000, 0).map(({ userId }) => ({ userId, rev: 0 }));
    const events = joinedEvents({ ...place, users }, 1_000);
    expect(events).toMatchObject([{ type: 'chat:room:joined', roomId: 'r', head: 7, rev: 0, memberRev: 3, at: 1_000 }]);
    expect(events[0]?.userIds).toEqual(users.map(({ userId }) => userId));
    expect(JSON.parse(events[0]?.payload ?? '')).toEqual({
      roomId: 'r',
      userIds: users.map(({ userId }) => userId),
      userCount: 1_000,
      rev: 0,
      timestamp: 1_000,
    });
  });

  it('names the number of the last one, and cuts where another event of the room lies between', () => {
    const users = [...people(3, 4), ...people(2, 8, 'late')];
    const payloads = joinedEvents({ ...place, users }, 0).map(({ payload }) => JSON.parse(payload) as object);
    expect(payloads).toEqual([
      { roomId: 'r', userIds: ['user-0', 'user-1', 'user-2'], userCount: 3, rev: 6, timestamp: 0 },
      { roomId: 'r', userIds: ['late-0', 'late-1'], userCount: 2, rev: 9, timestamp: 0 },
    ]);
  });

  it('keeps what clients get within its bytes, counts those it does not name, and tells gateways of all', () => {
    const users = people(1_000, 1, 'x'.repeat(120));
    const [event] = joinedEvents({ ...place, users }, 0);
    const told = JSON.parse(event?.payload ?? '') as { userIds: string[]; userCount: number };
    expect(Buffer.byteLength(JSON.stringify(told.userIds))).toBeLessThanOrEqual(limits.joinedBytes);
    expect(Buffer.byteLength(JSON.stringify([...told.userIds, 'x'.repeat(125)]))).toBeGreaterThan(limits.joinedBytes);
    expect([told.userCount, event?.userIds?.length]).toEqual([1_000, 1_000]);
  });
});
