import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  heirOf,
  type Roster,
  type RosterRole,
  rolesOf,
  rosterOfRows,
  withEntered,
  withoutParticipant,
  withRole,
} from './roster.js';

const users = ['ann', 'bob', 'cy', 'dan', 'eve'];
const nobody: Roster = { participants: [], ownerId: null, admins: [] };
const change = fc.tuple(
  fc.constantFrom('enter', 'leave', 'admin', 'participant'),
  fc.uniqueArray(fc.constantFrom(...users), { minLength: 1, maxLength: 3 }),
);

function after(roster: Roster, [kind, [first = '', ...more]]: readonly [string, readonly string[]]): Roster {
  if (kind === 'enter') return withEntered(roster, [first, ...more]);
  if (kind === 'leave') return withoutParticipant(roster, first);
  const mayChange = roster.participants.includes(first) && roster.ownerId !== first;
  return mayChange ? withRole(roster, first, kind === 'admin' ? 'admin' : 'participant') : roster;
}

it('has one owner as long as anybody is in the room, and names nobody who is not', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      let roster = nobody;
      for (const each of changes) {
        roster = after(roster, each);
        const roles = rolesOf(roster);
        expect([...roles.keys()]).toEqual(roster.participants);
        expect(new Set(roster.participants).size).toBe(roster.participants.length);
        const owners = [...roles].filter(([, role]) => role === 'owner').map(([userId]) => userId);
        expect(owners).toEqual(roster.participants.length > 0 ? [roster.ownerId] : []);
        for (const admin of roster.admins) expect(roles.get(admin)).toBe('admin');
      }
    }),
  );
});

it('hands an owned room to the admin, else the participant, who joined first', () => {
  let roster = withEntered(nobody, ['ann', 'bob', 'cy', 'dan']);
  expect(roster.ownerId).toBe('ann');
  roster = withRole(withRole(roster, 'dan', 'admin'), 'cy', 'admin');
  expect(heirOf(roster)).toBe('cy');
  roster = withoutParticipant(roster, 'ann');
  expect(roster).toEqual({ participants: ['bob', 'cy', 'dan'], ownerId: 'cy', admins: ['dan'] });
  roster = withEntered(withoutParticipant(roster, 'bob'), ['ann', 'bob']);
  roster = withoutParticipant(withoutParticipant(roster, 'cy'), 'dan');
  expect(roster).toEqual({ participants: ['ann', 'bob'], ownerId: 'ann', admins: [] });
  expect(withoutParticipant(withoutParticipant(roster, 'ann'), 'bob')).toEqual(nobody);
});

it('reads from rows what they say, the first to join being the owner of two', () => {
  const row = (userId: string, joinedAt: number, role?: RosterRole) => ({ userId, joinedAt, ...(role && { role }) });
  const rows = [row('dan', 4, 'owner'), row('cy', 3, 'admin'), row('eve', 1), row('bob', 2, 'owner'), row('ann', 1)];
  expect(rosterOfRows(rows)).toEqual({
    participants: ['ann', 'eve', 'bob', 'cy', 'dan'],
    ownerId: 'bob',
    admins: ['cy', 'dan'],
  });
  expect(rosterOfRows([row('ann', 1, 'participant')])).toEqual({ participants: ['ann'], ownerId: null, admins: [] });
});
