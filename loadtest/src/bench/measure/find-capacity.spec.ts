import { describe, expect, test } from 'vitest';
import { findCapacity } from './find-capacity.ts';

describe('the search for a capacity', () => {
  test.each([40, 500, 640, 3_000])('finds %i to a few per cent, from below and from above', async (capacity) => {
    for (const startRate of [100, 5_000]) {
      const found = await search(capacity, startRate);
      expect(found.rate).toBeLessThanOrEqual(capacity);
      expect(found.rate).toBeGreaterThan(capacity / 1.09);
      expect(found.probes).toBeLessThan(40);
    }
  });

  test('is 0 where nothing passes, and no more than the highest rate', async () => {
    expect((await search(0, 400)).rate).toBe(0);
    expect((await search(1_000_000, 400)).rate).toBe(10_000);
  });

  test('a hiccup does not lower it', async () => {
    const seen = new Set<number>();
    const { rate } = await findCapacity({
      startRate: 100,
      highestRate: 10_000,
      probe: async (ratePerSecond) => {
        const again = seen.has(ratePerSecond);
        seen.add(ratePerSecond);
        return { passed: again && ratePerSecond <= 800, hopeless: false };
      },
    });
    expect(rate).toBeGreaterThan(740);
  });

  test('ends when time does, with what it knows', async () => {
    let probes = 0;
    const found = await findCapacity({
      startRate: 100,
      highestRate: 10_000,
      probe: async (ratePerSecond) => {
        probes += 1;
        return { passed: ratePerSecond <= 200, hopeless: false };
      },
      mayGoOn: () => probes < 3,
    });
    expect(found).toEqual({ rate: 150, failedAt: 225 });
  });
});

async function search(capacity: number, startRate: number): Promise<{ rate: number; probes: number }> {
  let probes = 0;
  const { rate } = await findCapacity({
    startRate,
    highestRate: 10_000,
    probe: async (ratePerSecond) => {
      probes += 1;
      return { passed: ratePerSecond <= capacity, hopeless: ratePerSecond > 2 * capacity };
    },
  });
  return { rate, probes };
}
