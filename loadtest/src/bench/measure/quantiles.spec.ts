import { describe, expect, test } from 'vitest';
import { median, quantile, ratioOf } from './quantiles.ts';

describe('quantiles and ratios', () => {
  test('the median is in the middle', () => {
    expect(median([9, 1, 4])).toBe(4);
    expect(median([9, 1, 4, 5])).toBe(4.5);
    expect(median([])).toBeNaN();
  });

  test('a quantile is the value that so many are at most', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0, 0.5, 0.99, 1].map((share) => quantile(values, share))).toEqual([1, 50, 99, 100]);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test('the ratio is that of the middle pair, not of the medians', () => {
    const ratio = ratioOf([
      [1, 10],
      [20, 10],
      [30, 100],
    ]);
    expect(ratio).toEqual({ median: 0.3, spread: [0.1, 2] });
  });
});
