import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SlotRange } from './cluster-node.js';
import { clusterSlots, countSlots, renderSlots, shareSlots, slotsOutside } from './slot-ranges.js';

test('no range leaves all slots, and all slots leave none', () => {
  expect(slotsOutside([])).toEqual([[0, clusterSlots - 1]]);
  expect(slotsOutside([[0, clusterSlots - 1]])).toEqual([]);
  expect(slotsOutside([[5, 9], [0, 2]])).toEqual([[3, 4], [10, clusterSlots - 1]]); // biome-ignore format: a list of pairs
});

test('three shares of all slots are those that every tool gives', () => {
  expect(shareSlots([[0, clusterSlots - 1]], 3)).toEqual([[[0, 5460]], [[5461, 10_921]], [[10_922, 16_383]]]);
});

const cuts = fc.uniqueArray(fc.integer({ min: 0, max: clusterSlots - 1 }), { minLength: 2, maxLength: 20 });

test('shares of any slots are equal, in order, and together exactly those slots', () => {
  fc.assert(
    fc.property(cuts, fc.integer({ min: 1, max: 9 }), (points, parts) => {
      const sorted = points.toSorted((a, b) => a - b);
      const ranges: SlotRange[] = [];
      for (let index = 0; index + 1 < sorted.length; index += 2) {
        ranges.push([sorted[index] as number, sorted[index + 1] as number]);
      }
      const shares = shareSlots(ranges, parts);
      const each = (of: readonly SlotRange[]): number[] =>
        of.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
      expect(shares.flatMap(each)).toEqual(each(ranges));
      const sizes = shares.map(countSlots);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(countSlots(slotsOutside(ranges)) + countSlots(ranges)).toBe(clusterSlots);
    }),
    { numRuns: 50 },
  );
});

test('ranges read as people write them', () => {
  expect(renderSlots([[0, 5460], [7000, 7000]])).toBe('0-5460, 7000'); // biome-ignore format: a list of pairs
});
