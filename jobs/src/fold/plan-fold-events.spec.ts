import { monthOf } from '@parlance/storage';
import { describe, expect, it } from 'vitest';
import { type FoldableMonth, type PendingErasure, planFoldEvents } from './plan-fold-events.js';

const month = monthOf(Date.UTC(2026, 0));
const erasure = (at: number, more: Partial<PendingErasure> = {}): PendingErasure => ({
  roomId: 'r',
  userId: 'bob',
  upTo: 9,
  at,
  hold: undefined,
  ...more,
});
const plan = (more: Partial<FoldableMonth>) => {
  const whole = { month, epoch: 3, foldedThrough: undefined, pending: [], messages: 0, unread: undefined, ...more };
  const made = planFoldEvents([whole], 1_000);
  return made.verdict === 'run' ? made.steps : made.verdict;
};
const hold = { name: 'Case 42', by: 'counsel', since: new Date(0) };

describe('planFoldEvents', () => {
  it('folds what is pending and says up to when that is all', () => {
    expect(plan({})).toBe('nothing');
    const pending = [erasure(500)];
    expect(plan({ pending, messages: 2 })).toMatchObject([{ kind: 'fold', epoch: 3, folds: pending, through: 1_000 }]);
    expect(plan({ pending, messages: 0 })).toMatchObject([{ kind: 'advance', through: 1_000 }]);
  });

  it('looks at what is a little older without noting anything for it', () => {
    expect(plan({ pending: [erasure(500)], foldedThrough: 600 })).toBe('nothing');
    expect(plan({ pending: [erasure(500)], foldedThrough: 600, messages: 1 })).toMatchObject([{ kind: 'fold' }]);
  });

  it('names holds, and says nothing is folded from the first of them on', () => {
    const pending = [erasure(500), erasure(300, { roomId: 'held', hold })];
    expect(plan({ pending, messages: 2 })).toMatchObject([
      { kind: 'held', roomId: 'held', hold: 'Case 42' },
      { kind: 'fold', folds: [{ roomId: 'r' }], through: 299 },
    ]);
    expect(plan({ pending, foldedThrough: 299 })).toMatchObject([{ kind: 'held' }]);
  });

  it('leaves what it cannot look at', () => {
    expect(plan({ pending: [erasure(1)], unread: 'no archive' })).toMatchObject([
      { kind: 'left', reason: 'no archive' },
    ]);
  });
});
