import { addMonths, endOfMonth, type MonthYear, monthOf } from '@parlance/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRetention, type RetainedRoom, type RetentionStep, undoMs } from './plan-retention.js';

const first = monthOf(Date.UTC(2026, 0));
const day = 86_400_000;
/** Ten messages a month from January on. */
const room = (more: Partial<RetainedRoom> = {}, months = 4): RetainedRoom => ({
  roomId: 'tea',
  policy: {},
  segments: Array.from({ length: months }, (_, index) => ({
    monthYear: addMonths(first, index),
    firstId: 10 * index + 1,
  })),
  head: 10 * months,
  floor: 1,
  erasedBelow: 1,
  cuts: [],
  ...more,
});
const hold = { name: 'Case 42', by: 'counsel', since: new Date(0) };
const steps = (
  some: RetainedRoom,
  now: number,
  globalDays?: number,
  unreached: MonthYear[] = [],
): readonly RetentionStep[] => {
  const plan = planRetention([some], { now, globalDays, unreached: new Set(unreached) });
  return plan.verdict === 'run' ? plan.steps : [];
};
const march = addMonths(first, 2);

describe('what retention hides', () => {
  it('is whole months whose last instant is older than the days of the room, or the global ones', () => {
    const now = endOfMonth(addMonths(first, 1)) + 30 * day;
    expect(steps(room(), now - 1, 30)).toMatchObject([{ kind: 'hide', below: 11 }]);
    expect(steps(room(), now, 30)).toMatchObject([{ kind: 'hide', roomId: 'tea', below: 21 }]);
    expect(steps(room(), now, 30)[0]?.reason).toContain('2026-01 (10), 2026-02 (10)');
    expect(steps(room({ policy: { retentionDays: 30 } }), now)).toMatchObject([{ below: 21 }]);
    expect(steps(room({ policy: { retentionDays: 400 } }), now, 30)).toEqual([]);
    expect(steps(room({ policy: { keepForever: true } }), now, 30)).toEqual([]);
    expect(steps(room(), now)).toEqual([]);
  });

  it('is all of a room that is silent, and nothing twice', () => {
    const now = endOfMonth(addMonths(first, 8)) + 30 * day;
    expect(steps(room(), now, 30)).toMatchObject([{ kind: 'hide', below: 41 }]);
    expect(steps(room({ floor: 41 }), now, 30)).toEqual([]);
  });

  it('is refused by a hold, by its name', () => {
    const now = endOfMonth(first) + 30 * day;
    const [step] = steps(room({ policy: { legalHold: hold } }), now, 30);
    expect(step).toMatchObject({ kind: 'held', hold: 'Case 42' });
    expect(step?.reason).toContain('"Case 42"');
    expect(step?.what).toContain('messages 1 to 10 of tea');
  });
});

describe('what retention erases', () => {
  const cut = { below: 21, hiddenAt: 1_000 };

  it('has been hidden for thirty days', () => {
    expect(steps(room({ cuts: [cut], floor: 21 }), 999 + undoMs)).toEqual([]);
    const due = room({ cuts: [cut, { below: 31, hiddenAt: 1_001 }], floor: 31, erasedBelow: 11 });
    expect(steps(due, 1_000 + undoMs)).toMatchObject([
      { kind: 'erase', from: 11, below: 21, months: [addMonths(first, 1)] },
    ]);
  });

  it('is left where a hold or the archive has it, and both are named', () => {
    const held = room({ cuts: [cut], floor: 21, policy: { legalHold: hold } });
    expect(steps(held, 1_000 + undoMs)).toMatchObject([{ kind: 'held', hold: 'Case 42' }]);
    const away = steps(room({ cuts: [cut], floor: 21 }), 1_000 + undoMs, undefined, [first, march]);
    expect(away).toMatchObject([{ kind: 'left', months: [first] }]);
  });

  it('is never above what is hidden, never younger than its days, and never anything under a hold', () => {
    const cases = fc.record({
      days: fc.integer({ min: 9, max: 200 }),
      now: fc.integer({ min: 0, max: 500 }).map((days) => Date.UTC(2026, 0) + days * day),
      isHeld: fc.boolean(),
      hidden: fc.nat({ max: 4 }),
    });
    fc.assert(
      fc.property(cases, ({ days, now, isHeld, hidden }) => {
        const floor = 10 * hidden + 1;
        const cuts = hidden === 0 ? [] : [{ below: floor, hiddenAt: now - undoMs }];
        const some = room({ floor, cuts, policy: isHeld ? { legalHold: hold } : {} });
        const all = steps(some, now, days);
        const [erased] = all.filter((step) => step.kind === 'erase');
        const [hides] = all.filter((step) => step.kind === 'hide');
        const lastHidden = some.segments.filter(({ firstId }) => firstId < (hides?.below ?? 1)).at(-1);
        expect(isHeld && all.some(({ kind }) => kind !== 'held')).toBe(false);
        expect(erased?.below ?? 1).toBeLessThanOrEqual(floor);
        expect(lastHidden ? endOfMonth(lastHidden.monthYear) : 0).toBeLessThanOrEqual(now - days * day);
      }),
    );
  });
});
