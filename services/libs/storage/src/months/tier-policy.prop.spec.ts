import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addMonths, endOfMonth, type MonthYear, monthOf, startOfMonth } from '../documents/month.js';
import { coolerOf, defaultTierPolicy, dueTier, type TierPolicy, tierOfAge, tiers } from './tier-policy.js';

const time = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2199, 11, 31) });
const month = time.map(monthOf);
const policy = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 40 }))
  .map(
    ([warm, cold, archive]): TierPolicy => ({
      warmAfterMonths: warm,
      coldAfterMonths: warm + cold,
      archiveAfterMonths: warm + cold + archive,
    }),
  );
const tier = fc.constantFrom(...tiers);
const state = fc.constantFrom('OPEN', 'SEALED', 'ARCHIVED');

it('gives the current month and the last 13 their tiers', () => {
  const now = Date.UTC(2026, 10, 28);
  const found = Array.from({ length: 15 }, (_, age) =>
    tierOfAge(addMonths(monthOf(now), 1 - age), now, defaultTierPolicy),
  );
  expect(found).toEqual(['hot', 'hot', 'warm', 'warm', 'warm', ...Array.from({ length: 9 }, () => 'cold'), 'archive']);
});

it('gives every month one tier at any moment, the same from the first to the last millisecond of a month', () => {
  fc.assert(
    fc.property(month, time, policy, (each, now, limits) => {
      const found = tierOfAge(each, now, limits);
      expect(tiers).toContain(found);
      expect(tierOfAge(each, startOfMonth(monthOf(now)), limits)).toBe(found);
      expect(tierOfAge(each, endOfMonth(monthOf(now)) - 1, limits)).toBe(found);
    }),
  );
});

it('lets time only cool, and no month be warmer than a younger one', () => {
  fc.assert(
    fc.property(month, time, fc.nat(120), policy, (each, now, later, limits) => {
      const found = tierOfAge(each, now, limits);
      const after = startOfMonth(addMonths(monthOf(now), later));
      expect(coolerOf(found, tierOfAge(each, after, limits))).toBe(tierOfAge(each, after, limits));
      expect(coolerOf(found, tierOfAge(addMonths(each, -later), now, limits))).toBe(
        tierOfAge(addMonths(each, -later), now, limits),
      );
    }),
  );
});

it('never warms a month, whatever clock and policy say, and leaves an open one where it is', () => {
  fc.assert(
    fc.property(month, state, tier, time, policy, (monthYear, was, stored, now, limits) => {
      const due = dueTier({ monthYear, state: was, tier: stored }, now, limits);
      expect(coolerOf(stored, due)).toBe(due);
      expect(due).toBe(was === 'OPEN' ? stored : coolerOf(stored, tierOfAge(monthYear, now, limits)));
    }),
  );
});

it('goes through no tier twice as the months pass', () => {
  fc.assert(
    fc.property(month, policy, (monthYear: MonthYear, limits) => {
      const passed = Array.from({ length: 70 }, (_, age) =>
        tierOfAge(monthYear, startOfMonth(addMonths(monthYear, age)), limits),
      );
      expect([...new Set(passed)]).toEqual(passed.filter((each, index) => each !== passed[index - 1]));
      expect(passed.at(-1)).toBe('archive');
    }),
  );
});
