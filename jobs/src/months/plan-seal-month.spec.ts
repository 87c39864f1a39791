import { type MonthYear, parseMonth, sealableFrom } from '@parlance/storage';
import { expect, it } from 'vitest';
import { planSealMonth } from './plan-seal-month.js';

const month = parseMonth('2026-10') as MonthYear;
const now = sealableFrom(month);
const open = { state: 'OPEN', epoch: 3 } as const;
const sealed = { state: 'SEALED', epoch: 4 } as const;

it('refuses until a day after the end of the month', () => {
  expect(planSealMonth({ month, now: now - 1, entry: open, unsealedRooms: 2 })).toEqual({
    verdict: 'refused',
    reason:
      "2026-10 may be sealed from 2026-11-02T00:00:00.000Z on, a day after its end; MongoDB's clock says 2026-11-01T23:59:59.999Z",
  });
});

it('refuses a month that nobody registered', () => {
  expect(planSealMonth({ month, now, entry: undefined, unsealedRooms: 0 })).toMatchObject({ verdict: 'refused' });
});

it('seals the rooms before it closes the month, each with its reason', () => {
  expect(planSealMonth({ month, now, entry: open, unsealedRooms: 2 })).toMatchObject({
    verdict: 'run',
    steps: [
      { kind: 'sealRooms', reason: '2 rooms of 2026-10 without a seal were found: their logs could still grow there' },
      { kind: 'closeMonth', epoch: 3 },
    ],
  });
});

it('only closes a month whose rooms are sealed', () => {
  expect(planSealMonth({ month, now, entry: open, unsealedRooms: 0 })).toMatchObject({
    steps: [{ kind: 'closeMonth' }],
  });
});

it('has nothing to do for a month that is sealed', () => {
  expect(planSealMonth({ month, now, entry: sealed, unsealedRooms: 0 })).toMatchObject({ verdict: 'nothing' });
});

it('seals a room that appeared in a sealed month', () => {
  expect(planSealMonth({ month, now, entry: sealed, unsealedRooms: 1 })).toMatchObject({
    verdict: 'run',
    steps: [{ kind: 'sealRooms', what: 'seal 1 room in slot head+1 of 2026-10' }],
  });
});
