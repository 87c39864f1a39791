import type { UserId, wire } from '@parlance/proto';
import type { RoomPolicyDocument } from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import { RoomPolicyService } from './room-policy.service.js';

describe('RoomPolicyService', () => {
  it('replaces the whole policy, and notes who has set a hold and when; the same hold keeps both', async () => {
    const { set, stored } = service();
    const hold = { name: 'Case 42', by: 'somebody', since: 5 };
    expect(await set({ retentionDays: 90, keepForever: false, legalHold: hold })).toEqual({
      retentionDays: 90,
      keepForever: false,
      legalHold: { name: 'Case 42', by: 'ann', since: 1_000 },
    });
    const later = await set({ retentionDays: 0, keepForever: true, legalHold: hold }, 'bob');
    expect(later).toEqual({
      retentionDays: 0,
      keepForever: true,
      legalHold: { name: 'Case 42', by: 'ann', since: 1_000 },
    });
    expect((await set({ ...later, legalHold: { ...hold, name: 'Case 43' } } as never, 'bob'))?.legalHold?.by).toBe(
      'bob',
    );
    await set(undefined);
    expect(stored.policy).toEqual({});
  });

  it('answers a hold only when no job empties the room any more, and says that it stands when that takes too long', async () => {
    const { set, stored, asked } = service();
    const held = { retentionDays: 0, keepForever: false, legalHold: { name: 'Case 42', by: '', since: 0 } };
    asked.busy = 1;
    expect((await set(held, 'ann', Date.now() + 60_000))?.legalHold?.name).toBe('Case 42');
    expect(asked.times).toBe(2);
    asked.busy = Number.POSITIVE_INFINITY;
    await expect(set(held)).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE', outcome: 'unknown' });
    expect(stored.policy?.legalHold?.name).toBe('Case 42');
    await set({ ...held, legalHold: undefined });
    expect(stored.policy).toEqual({});
  });

  it.each<[string, Partial<Policy>]>([
    ['fewer days than retries take', { retentionDays: 8 }],
    ['a negative number of days', { retentionDays: -1 }],
    ['more than a hundred years', { retentionDays: 36_501 }],
    ['days and forever', { retentionDays: 90, keepForever: true }],
    ['a hold without a name', { legalHold: { name: ' ', by: '', since: 0 } }],
    ['a hold with a name that is too long', { legalHold: { name: 'x'.repeat(201), by: '', since: 0 } }],
  ])('refuses %s, and changes nothing', async (_what, policy) => {
    const { set, stored } = service();
    const wanted = { retentionDays: 0, keepForever: false, legalHold: undefined, ...policy };
    await expect(set(wanted)).rejects.toMatchObject({ reason: 'INVALID_MESSAGE' });
    expect(stored.policy).toEqual({});
  });

  it('knows no room that is not there', async () => {
    const { set, stored } = service();
    stored.policy = undefined;
    await expect(set(undefined)).rejects.toMatchObject({ reason: 'ROOM_NOT_FOUND' });
  });
});

function service() {
  const stored: { policy: RoomPolicyDocument | undefined } = { policy: {} };
  const asked = { times: 0, busy: 0 };
  const rooms = {
    readPolicy: async () => stored.policy,
    writePolicy: async (_roomId: string, policy: RoomPolicyDocument) => void (stored.policy = policy),
    canBeHeld: async () => ++asked.times > asked.busy,
  };
  const policies = new RoomPolicyService(rooms, () => 1_000);
  const set = async (policy: Policy | undefined, userId = 'ann', deadlineAt = 0) => {
    const context = { userId: userId as UserId, traceId: '', deadlineAt };
    return (await policies.setRoomPolicy(context, { roomId: 'r', policy })).policy;
  };
  return { set, stored, asked };
}

type Policy = NonNullable<wire.SetRoomPolicyRequest['policy']>;
