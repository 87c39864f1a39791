import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeavyHitters } from './heavy-hitters.js';

const size = 4;
const counting = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }).map(String), fc.integer({ min: 1, max: 50 })), {
  maxLength: 200,
});
type Counting = readonly (readonly [string, number])[];

function counted(all: Counting): HeavyHitters {
  const hitters = new HeavyHitters(size);
  for (const [key, count] of all) hitters.add(key, count);
  return hitters;
}

/** What is not as it was promised. */
function faults(hitters: HeavyHitters, all: Counting): readonly string[] {
  const exact = new Map<string, number>();
  for (const [key, count] of all) exact.set(key, (exact.get(key) ?? 0) + count);
  const total = all.reduce((sum, [, count]) => sum + count, 0);
  const said = new Map(hitters.top(Number.POSITIVE_INFINITY));
  const wrongKeys = [...exact].flatMap(([key, count]) => {
    const atLeast = said.get(key) ?? 0;
    return atLeast <= count && count <= atLeast + hitters.error ? [] : [`${key}: ${atLeast} of ${count}`];
  });
  return [
    ...(hitters.total === total ? [] : ['total']),
    ...(hitters.error <= total / (size + 1) ? [] : ['error']),
    ...(said.size <= 2 * size ? [] : ['size']),
    ...wrongKeys,
  ];
}

describe('HeavyHitters', () => {
  it('never says too much of a key, nor too little by more than its error, which is a part of all that was counted', () => {
    fc.assert(
      fc.property(counting, (all) => {
        expect(faults(counted(all), all)).toEqual([]);
      }),
    );
  });

  it('keeps the same bounds for what several have counted', () => {
    fc.assert(
      fc.property(fc.array(counting, { maxLength: 6 }), (parts) => {
        const merged = new HeavyHitters(size);
        for (const part of parts) merged.merge(counted(part));
        expect(faults(merged, parts.flat())).toEqual([]);
      }),
    );
  });

  it('is exact, and lists by count, while the keys are few', () => {
    const hitters = counted([
      ['a', 1],
      ['b', 5],
      ['a', 2],
    ]);
    expect([hitters.top(2), hitters.top(1), hitters.error]).toEqual([
      [
        ['b', 5],
        ['a', 3],
      ],
      [['b', 5]],
      0,
    ]);
  });
});
