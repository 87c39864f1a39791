import { expect, test } from 'vitest';
import { dueTimes } from './due-times.ts';

test('those who take turns have all turns between them, evenly over the time', () => {
  const times = [0, 1, 2].flatMap((index) => dueTimes({ ratePerSecond: 4, seconds: 2.5, of: 3, index }));
  expect(times.toSorted((one, other) => one - other)).toEqual([
    0, 250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000, 2_250,
  ]);
});

test('there is one turn at least', () => {
  expect(dueTimes({ ratePerSecond: 0.1, seconds: 1, of: 2, index: 0 })).toEqual([0]);
  expect(dueTimes({ ratePerSecond: 0.1, seconds: 1, of: 2, index: 1 })).toEqual([]);
});
