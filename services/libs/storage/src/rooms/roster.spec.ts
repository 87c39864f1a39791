import { expect, it } from 'vitest';
import { owned, type RosterRole, rolesOf, rosterOfRows, withEntered, withRole } from './roster.js';

const roster = { participants: ['ann', 'bob', 'cy'], ownerId: 'ann', admins: ['cy'] };

it('gives everybody in the room the role that is written, and nobody else one', () => {
  expect([...rolesOf({ ...roster, admins: ['cy', 'away'] })]).toEqual([
    ['ann', 'owner'],
    ['bob', 'participant'],
    ['cy', 'admin'],
  ]);
  expect([...rolesOf({ participants: ['bob'], ownerId: 'away', admins: [] })]).toEqual([['bob', 'participant']]);
});

it('makes admins and unmakes them, each once', () => {
  expect(withRole(roster, 'bob', 'admin')).toEqual({ ...roster, admins: ['cy', 'bob'] });
  expect(withRole(roster, 'cy', 'admin')).toEqual(roster);
  expect(withRole(roster, 'cy', 'participant')).toEqual({ ...roster, admins: [] });
});

it('keeps the owner who is in it, and gives it another one in place of one who is not', () => {
  expect(owned(roster)).toEqual(roster);
  expect(owned({ ...roster, ownerId: 'away' })).toEqual({ ...roster, ownerId: 'cy', admins: [] });
  expect(withEntered({ ...roster, ownerId: null, admins: [] }, ['ann', 'dan', 'dan'])).toEqual({
    participants: ['ann', 'bob', 'cy', 'dan'],
    ownerId: 'ann',
    admins: [],
  });
});

it('orders rows of the same moment by user, however they come', () => {
  const rows = ['dan', 'ann', 'bob', 'cy'].map((userId) => ({
    userId,
    joinedAt: 1,
    role: 'participant' as RosterRole,
  }));
  const participants = ['ann', 'bob', 'cy', 'dan'];
  for (const each of [rows, rows.toReversed()]) expect(rosterOfRows(each).participants).toEqual(participants);
});
