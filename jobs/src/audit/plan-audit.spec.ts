import type { RosterRole } from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import { renderPlan } from '../plan.js';
import { type AuditedRoom, type AuditedRow, joiningMs, mendingOf, planAudit } from './plan-audit.js';

const now = 10 * joiningMs;
const row = (userId: string, joinedAt: number, more: Partial<AuditedRow> = {}): AuditedRow => ({
  userId,
  joinedAt,
  memberRev: 0,
  ...more,
});
const room = (more: Partial<AuditedRoom>): AuditedRoom => ({
  roomId: 'r',
  memberRev: 5,
  roster: { participants: ['ann', 'bob', 'cy'], ownerId: 'ann', admins: ['cy'] },
  unlogged: 0,
  rows: [row('ann', 1), row('bob', 2), row('cy', 3)],
  ...more,
});
const told = ({ events }: ReturnType<typeof mendingOf>): string[] =>
  events.map(({ kind, userId, role }) => [kind, userId, role].filter(Boolean).join(' '));

describe('mendingOf', () => {
  it('leaves a room alone that is as it should be, also one that everybody has left', () => {
    const empty = { participants: [], ownerId: null, admins: [] };
    for (const right of [room({}), room({ roster: empty, rows: [] })]) {
      expect(mendingOf(right, now)).toMatchObject({ faults: [], events: [], loose: [], roster: right.roster });
    }
  });

  it('names the first admin to join, else the first to join, in a room whose owner is nobody who is there', () => {
    const orphan = room({ roster: { participants: ['ann', 'bob', 'cy'], ownerId: null, admins: ['cy'] } });
    const mending = mendingOf(orphan, now);
    expect(mending).toMatchObject({ faults: ['noOwner'], roster: { ownerId: 'cy', admins: [] } });
    expect(told(mending)).toEqual(['role cy owner']);
  });

  it('takes out whoever has no row, and hands on what they owned', () => {
    const mending = mendingOf(room({ rows: [row('bob', 2)] }), now);
    expect(mending).toMatchObject({
      faults: ['absent', 'noOwner'],
      roster: { participants: ['bob'], ownerId: 'bob', admins: [] },
    });
    expect(told(mending)).toEqual(['left ann', 'left cy', 'role bob owner']);
  });

  it('keeps the first of two owners that rows of an earlier build name, and makes the others admins', () => {
    const as = (role: RosterRole) => ({ role });
    const rows = [row('cy', 3, as('owner')), row('bob', 2, as('owner')), row('ann', 1, as('participant'))];
    const mending = mendingOf(room({ roster: undefined, rows }), now);
    expect(mending).toMatchObject({ faults: ['owners'], roster: { ownerId: 'bob', admins: ['cy'] } });
    expect(told(mending)).toEqual(['role cy admin']);
    const orphan = room({ roster: undefined, rows: [row('ann', 1, as('participant')), row('cy', 3, as('admin'))] });
    expect(told(mendingOf(orphan, now))).toEqual(['role cy owner']);
  });

  it('ends rows that the room does not know, but not of who may be joining now', () => {
    const stay = (joinedAt: number, memberRev: number) => row('dan', joinedAt, { memberRev });
    const looseOf = (dan: AuditedRow) => mendingOf(room({ rows: [...room({}).rows, dan] }), now).loose;
    expect(looseOf(stay(now - 1, 5))).toEqual([]);
    expect(looseOf(stay(now - 1, 6))).toEqual([]);
    expect(looseOf(stay(now - 1, 4))).toEqual(['dan']);
    expect(looseOf(stay(now - joiningMs - 1, 5))).toEqual(['dan']);
  });

  it('finds events that stand in the document', () => {
    expect(mendingOf(room({ unlogged: 1 }), now)).toMatchObject({ faults: ['unlogged'], events: [] });
  });
});

describe('planAudit', () => {
  it('has a step for each kind of fault, with the rooms up to twenty', () => {
    const many = Array.from({ length: 22 }, (_, index) => `r${index}`);
    const plan = planAudit(
      new Map([
        ['noOwner', ['x']],
        ['loose', many],
      ] as const),
      30,
    );
    expect(renderPlan(plan)).toBe(
      '1. name an owner in 1 room\n   because nobody who is there owns it: x\n' +
        '2. end rows in 22 rooms\n   because they say that somebody is in the room, and the room does not: ' +
        `${many.slice(0, 20).join(', ')} and 2 more\n`,
    );
    expect(renderPlan(planAudit(new Map(), 30))).toBe(
      'nothing to do: of 30 rooms that are groups, each is as it should be\n',
    );
  });
});
