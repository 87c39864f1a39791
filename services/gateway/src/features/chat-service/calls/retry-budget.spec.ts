import { describe, expect, it } from 'vitest';
import { RetryBudget } from './retry-budget.js';

describe('RetryBudget', () => {
  it('has what a broken stream needs at once, and no more', () => {
    expect(takeAll(new RetryBudget(0), 0)).toBe(1_000);
  });

  it('earns a retry with every ten calls', () => {
    const budget = new RetryBudget(0);
    takeAll(budget, 0);
    for (let call = 0; call < 205; call++) budget.earn();
    expect(takeAll(budget, 0)).toBe(20);
  });

  it('earns nothing beyond what it may save up', () => {
    const budget = new RetryBudget(0);
    for (let call = 0; call < 20; call++) budget.earn();
    expect(takeAll(budget, 0)).toBe(1_000);
  });

  it('allows ten a second without any calls, and saves up no more than the start', () => {
    const budget = new RetryBudget(0);
    takeAll(budget, 0);
    expect(takeAll(budget, 2_000)).toBe(20);
    expect(takeAll(budget, 10_000_000)).toBe(1_000);
  });

  it('gives nothing when the clock steps back', () => {
    const budget = new RetryBudget(1_000);
    takeAll(budget, 1_000);
    expect(budget.take(0)).toBe(false);
  });
});

function takeAll(budget: RetryBudget, now: number): number {
  let taken = 0;
  while (budget.take(now)) taken += 1;
  return taken;
}
