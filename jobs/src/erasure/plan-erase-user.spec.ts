import { addMonths, monthOf } from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import { type ErasedRoom, planEraseUser } from './plan-erase-user.js';

const month = monthOf(Date.UTC(2026, 0));
const room = (roomId: string, more: Partial<ErasedRoom> = {}): ErasedRoom => ({
  roomId,
  head: 9,
  notedUpTo: 0,
  notedAt: undefined,
  hold: undefined,
  messages: new Map([[month, 2]]),
  archived: new Map(),
  emptied: { live: new Map(), archived: new Map() },
  unread: new Map(),
  events: 0,
  ...more,
});
const kinds = (rooms: readonly ErasedRoom[]) => {
  const plan = planEraseUser('bob', rooms);
  return plan.verdict === 'run' ? plan.steps.map(({ kind }) => kind) : plan.verdict;
};

describe('planEraseUser', () => {
  it('tells readers first, then caches, then empties documents by month', () => {
    const rooms = [
      room('a'),
      room('b', {
        messages: new Map([
          [month, 1],
          [addMonths(month, 1), 3],
        ]),
        events: 2,
      }),
    ];
    expect(kinds(rooms)).toEqual(['note', 'note', 'purge', 'fold', 'fold', 'events']);
    const plan = planEraseUser('bob', rooms);
    expect(plan.verdict === 'run' && plan.steps[3]).toMatchObject({ month, messages: 3 });
  });

  it('names each hold, and does nothing to its room', () => {
    const hold = { name: 'Case 42', by: 'counsel', since: new Date(0) };
    const plan = planEraseUser('bob', [room('held', { hold, archived: new Map([[month, 1]]) })]);
    expect(plan).toMatchObject({ verdict: 'run', steps: [{ kind: 'held', roomId: 'held', hold: 'Case 42' }] });
    expect(plan.verdict === 'run' && plan.steps[0]?.reason).toContain('"Case 42"');
  });

  it('goes on where an earlier run ended, and ends where nothing is left', () => {
    expect(kinds([room('a', { notedUpTo: 9 })])).toEqual(['fold']);
    expect(kinds([room('a', { notedUpTo: 9, messages: new Map() })])).toBe('nothing');
    expect(kinds([])).toBe('nothing');
  });

  it('writes the archive of a month anew, and says which it cannot look at', () => {
    const rooms = [
      room('a', { notedUpTo: 9, messages: new Map(), archived: new Map([[month, 3]]) }),
      room('b', { notedUpTo: 9, messages: new Map(), archived: new Map([[month, 1]]) }),
      room('c', { notedUpTo: 9, messages: new Map(), unread: new Map([[addMonths(month, 1), 'no archive']]) }),
    ];
    expect(planEraseUser('bob', rooms)).toMatchObject({
      verdict: 'run',
      steps: [
        { kind: 'rewrite', month, messages: 4 },
        { kind: 'left', month: addMonths(month, 1), reason: 'no archive' },
      ],
    });
  });

  it('finishes a month that a run has died in, once', () => {
    expect(planEraseUser('bob', [room('a', { notedUpTo: 9, messages: new Map() })], [month])).toMatchObject({
      steps: [{ kind: 'finish', month }],
    });
    expect(planEraseUser('bob', [], [month])).toMatchObject({ steps: [{ kind: 'finish', month }] });
    const rooms = [room('a', { notedUpTo: 9 })];
    expect(planEraseUser('bob', rooms, [month])).toMatchObject({ steps: [{ kind: 'fold', month }] });
  });
});
