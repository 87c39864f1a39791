import { ChatError, type UserId } from '@parlance/proto';
import type { MonthYear } from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import { type Decide, type DecidedRoom, roomDecisions } from './room-decisions.js';

const user = (name: string): UserId => name as UserId;
const group: DecidedRoom = {
  roomId: 'r',
  roomType: 'group',
  createdBy: 'ann',
  createdAt: 1,
  metadata: { name: 'Lunch' },
  joinRule: 'open',
  historyVisibility: 'shared',
  epoch: 1,
  floor: 1,
  erasures: [],
  memberRev: 4,
  rev: 7,
  unlogged: [],
  requests: [],
  segments: [{ monthYear: '2026-01' as MonthYear, firstId: 1, openedAt: 1 }],
  roster: { participants: ['ann', 'bob', 'cy', 'dan'], ownerId: 'ann', admins: ['cy'] },
};
const orphan = { ...group, roster: { ...group.roster, ownerId: null } };
const direct: DecidedRoom = {
  ...group,
  roomType: '1v1',
  joinRule: 'invite',
  roster: { participants: ['ann', 'bob'], ownerId: null, admins: [] },
};
const full = {
  ...group,
  roster: { ...group.roster, participants: ['ann', ...Array.from({ length: 998 }, (_, index) => `user-${index}`)] },
};

/** Why not; or who owns the room then, and what is told. */
function outcome(decide: Decide, room: DecidedRoom = group): string | undefined {
  try {
    const decision = decide(room);
    if (!decision) return 'as it is';
    const told = decision.changes.map(({ kind, userId, role }) => [kind, userId, role].filter(Boolean).join(' '));
    return [decision.roster?.ownerId ?? [], told].flat().join(', ');
  } catch (thrown) {
    return thrown instanceof ChatError ? thrown.reason : String(thrown);
  }
}

const { join, leave, add, remove, setRole, update } = roomDecisions;
const adding = (me: string, ...names: string[]): Decide => add(user(me), new Set(names.map(user)));

describe('a room', () => {
  it.each<[string, string, Decide, DecidedRoom?]>([
    ['takes who joins it, when it is open', 'ann, joined eve participant', join(user('eve'))],
    ['is as it is for who is in it', 'as it is', join(user('bob'))],
    ['is not there for who may not join', 'ROOM_NOT_FOUND', join(user('eve')), { ...group, joinRule: 'invite' }],
    ['takes the thousandth', 'ann, joined eve participant', join(user('eve')), full],
    ['takes both who come to 998 others', 'ROOM_FULL', adding('ann', 'eve', 'fay'), full],
    ['takes who is in once more', 'ann, joined eve participant', adding('ann', 'user-3', 'eve', 'ann'), full],
    ['takes whom an admin adds', 'ann, joined eve participant, joined fay participant', adding('cy', 'eve', 'fay')],
    ['is as it is when all are in', 'as it is', adding('cy', 'bob', 'ann')],
    ['takes nobody whom a participant adds', 'PERMISSION_DENIED', adding('bob', 'eve')],
    ['takes nobody whom an outsider adds', 'NOT_A_PARTICIPANT', adding('eve', 'fay')],
    ['goes to the admin when its owner leaves', 'cy, left ann, role cy owner', leave(user('ann'))],
    ['keeps its owner when others leave', 'ann, left cy', leave(user('cy'))],
    ['gets an owner when it has none and somebody leaves', 'cy, left bob, role cy owner', leave(user('bob')), orphan],
    [
      'gets an owner when it has none and somebody joins',
      'cy, joined eve participant, role cy owner',
      join(user('eve')),
      orphan,
    ],
    ['is left by nobody who is not in it', 'NOT_A_PARTICIPANT', leave(user('eve'))],
    ['of two is left by nobody', 'PERMISSION_DENIED', leave(user('ann')), direct],
    ['of two is changed by nobody', 'PERMISSION_DENIED', update(user('ann'), { joinRule: 'open' }), direct],
    ['lets the owner remove an admin', 'ann, left cy', remove(user('ann'), user('cy'))],
    ['lets an admin remove a participant', 'ann, left bob', remove(user('cy'), user('bob'))],
    [
      'gets an owner when it has none and somebody is removed',
      'cy, left bob, role cy owner',
      remove(user('cy'), user('bob')),
      orphan,
    ],
    ['lets no admin remove the owner', 'PERMISSION_DENIED', remove(user('cy'), user('ann'))],
    ['lets no admin remove themselves', 'PERMISSION_DENIED', remove(user('cy'), user('cy'))],
    ['lets no participant remove anybody', 'PERMISSION_DENIED', remove(user('bob'), user('dan'))],
    ['removes nobody who is not there', 'INVALID_MESSAGE', remove(user('ann'), user('eve'))],
    ['lets the owner make admins', 'ann, role bob admin', setRole(user('ann'), user('bob'), 'admin')],
    ['lets the owner unmake admins', 'ann, role cy participant', setRole(user('ann'), user('cy'), 'participant')],
    ['is as it is for the same role', 'as it is', setRole(user('ann'), user('cy'), 'admin')],
    ['lets no admin make admins', 'PERMISSION_DENIED', setRole(user('cy'), user('bob'), 'admin')],
    ['lets no owner step down', 'PERMISSION_DENIED', setRole(user('ann'), user('ann'), 'participant')],
    ['gives nobody a role who is not there', 'INVALID_MESSAGE', setRole(user('ann'), user('eve'), 'admin')],
    ['lets no participant change it', 'PERMISSION_DENIED', update(user('bob'), { joinRule: 'open' })],
  ])('%s', (_, expected, decide, room) => {
    expect(outcome(decide, room)).toBe(expected);
  });

  it('says of whom it speaks when that one is not there', () => {
    expect(() => remove(user('ann'), user('eve'))(group)).toThrow('userId is not a participant of this room');
    expect(() => leave(user('ann'))(direct)).toThrow('A 1v1 room cannot be left.');
  });

  it("is nobody's when the last has left", () => {
    const alone = { ...group, roster: { participants: ['ann'], ownerId: 'ann', admins: [] } };
    expect(leave(user('ann'))(alone)).toEqual({
      roster: { participants: [], ownerId: null, admins: [] },
      changes: [{ kind: 'left', userId: 'ann' }],
    });
  });

  it('has an owner again when somebody comes after all have left', () => {
    const empty = { ...group, roster: { participants: [], ownerId: null, admins: [] } };
    expect(outcome(join(user('eve')), empty)).toBe('eve, joined eve owner');
  });

  it('changes in what is given and tells what it is then', () => {
    expect(update(user('cy'), { joinRule: 'invite' })(group)).toEqual({
      settings: { joinRule: 'invite' },
      changes: [{ kind: 'updated', metadata: { name: 'Lunch' }, joinRule: 'invite', historyVisibility: 'shared' }],
    });
  });
});
