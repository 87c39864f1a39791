import { describe, expect, test } from 'vitest';
import { Budget } from './budget.ts';
import { collectPairs } from './collect-pairs.ts';

describe('pairs', () => {
  test('are measured until there are as many undisturbed ones as were asked for', async () => {
    expect(await collect({ seconds: 1_000, foreign: [0, 0.2, 0, 0.5, 0] })).toEqual({
      pairs: [0, 2, 4],
      disturbed: 2,
      allDisturbed: false,
    });
  });

  test('end with the budget, with those that there are', async () => {
    expect(await collect({ seconds: 25, foreign: [0.2, 0, 0] })).toEqual({
      pairs: [1],
      disturbed: 1,
      allDisturbed: false,
    });
  });

  test('are told as disturbed when all were', async () => {
    expect(await collect({ seconds: 25, foreign: [0.2, 0.3] })).toEqual({
      pairs: [0, 1],
      disturbed: 2,
      allDisturbed: true,
    });
  });

  test('are one at least, however little time is left', async () => {
    expect(await collect({ seconds: 0, foreign: [0] })).toEqual({ pairs: [0], disturbed: 0, allDisturbed: false });
  });
});

/** Three are asked for; each takes ten seconds. */
function collect({ seconds, foreign }: { readonly seconds: number; readonly foreign: readonly number[] }) {
  let nowMs = 0;
  const budget = new Budget(seconds * 1_000, () => nowMs);
  return collectPairs({ count: 3, budget }, async (round) => {
    nowMs += 10_000;
    return { pair: round, foreignCores: foreign[round] ?? 0 };
  });
}
