import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addMonths, endOfMonth, messageCollectionName, monthOf, parseMonth, startOfMonth } from './month.js';

const time = fc.integer({ min: 0, max: Date.UTC(2199, 11, 31) });

it('puts every moment into exactly the month that spans it', () => {
  fc.assert(
    fc.property(time, (at) => {
      const month = monthOf(at);
      expect(startOfMonth(month)).toBeLessThanOrEqual(at);
      expect(endOfMonth(month)).toBeGreaterThan(at);
    }),
  );
});

it('adds and takes away months without drift', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: -600, max: 600 }), (at, count) => {
      const month = monthOf(at);
      fc.pre(startOfMonth(month) / 2_629_800_000 + count > 1);
      expect(addMonths(addMonths(month, count), -count)).toBe(month);
    }),
  );
});

it('orders collections of a century as it orders time', () => {
  fc.assert(
    fc.property(time, time, (left, right) => {
      const names = [monthOf(left), monthOf(right)].map(messageCollectionName) as [string, string];
      expect(names[0] < names[1]).toBe(monthOf(left) < monthOf(right));
    }),
  );
});

it('refuses what is not a month', () => {
  for (const text of ['2026-13', '2026-00', '26-01', '2026-1', '2026-01-01', '', '{"$gt":""}']) {
    expect(parseMonth(text)).toBeUndefined();
  }
  expect(parseMonth('2026-02')).toBe('2026-02');
});
