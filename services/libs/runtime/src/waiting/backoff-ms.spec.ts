import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff-ms.js';

const limits = { firstMs: 100, capMs: 1_000 };

describe('backoffMs', () => {
  it('doubles up to its cap', () => {
    expect([1, 2, 3, 4, 5, 100].map((attempt) => backoffMs(attempt, limits, () => 1))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
  });

  it('leaves half of the pause to chance', () => {
    expect([0, 0.5, 1].map((random) => backoffMs(3, limits, () => random))).toEqual([200, 300, 400]);
  });
});
