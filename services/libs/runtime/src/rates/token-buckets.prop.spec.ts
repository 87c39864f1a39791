import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.js';

const rate = fc.record({ perSecond: fc.integer({ min: 1, max: 100 }), burst: fc.integer({ min: 1, max: 50 }) });

it('lets no more through in any stretch of time than a burst and what came back meanwhile', () => {
  fc.assert(
    fc.property(rate, fc.array(fc.nat({ max: 300 }), { maxLength: 300 }), (limit, pauses) => {
      let now = 0;
      const buckets = new TokenBuckets(limit, () => now);
      const taken: number[] = [];
      for (const pause of pauses) {
        now += pause;
        if (buckets.waitMs('key') > 0) continue;
        buckets.take('key');
        taken.push(now);
      }
      for (const [index, start] of taken.entries()) {
        for (const [offset, end] of taken.slice(index).entries()) {
          expect(offset + 1).toBeLessThanOrEqual(limit.burst + ((end - start) * limit.perSecond) / 1_000 + 1e-6);
        }
      }
    }),
    { numRuns: 50 },
  );
});

it('tells a wait after which a token is there, and not a millisecond earlier', () => {
  fc.assert(
    fc.property(rate, (limit) => {
      let now = 0;
      const buckets = new TokenBuckets(limit, () => now);
      for (let index = 0; index < limit.burst; index++) buckets.take('key');
      const wait = buckets.waitMs('key');
      now = wait - 1;
      expect(buckets.waitMs('key')).toBeGreaterThan(0);
      now = wait;
      expect(buckets.waitMs('key')).toBe(0);
    }),
  );
});

it('keeps keys apart and forgets what has filled up', () => {
  let now = 0;
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, () => now);
  buckets.take('a');
  expect([buckets.waitMs('a'), buckets.waitMs('b')]).toEqual([1_000, 0]);
  for (let index = 0; index < 100_000; index++) {
    now++;
    buckets.take(`user ${index}`);
  }
  expect(buckets.size).toBeLessThanOrEqual(2 * 1_000 + 1_000);
  expect(buckets.waitMs('a')).toBe(0);
});

it('forgets no bucket that lacks a token', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, () => 0);
  for (let index = 0; index < 3_000; index++) buckets.take(`user ${index}`);
  expect(buckets.size).toBe(3_000);
});
