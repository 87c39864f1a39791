import { ChatError } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { isWorthRepeating, type RetryFacts, refuseRetry } from './retry-policy.js';

const broken: RetryFacts = {
  effect: 'unknown',
  isRepeatable: true,
  attempts: 1,
  nextAt: 100,
  deadlineAt: 1_000,
};

describe('refuseRetry', () => {
  it.each<[string, Partial<RetryFacts>, string | undefined]>([
    ['allows what is the same when it is done twice', {}, undefined],
    ['refuses what may have happened and would happen twice', { isRepeatable: false }, 'twice'],
    ['allows what did not happen, whatever it is', { isRepeatable: false, effect: 'rejected' }, undefined],
    ['allows a fourth attempt just before the caller gives up', { attempts: 3, nextAt: 999 }, undefined],
    ['refuses a fifth attempt', { attempts: 4 }, 'attempts'],
    ['refuses an attempt that would begin when the caller has given up', { nextAt: 1_000 }, 'time'],
  ])('%s', (_title, facts, refusal) => {
    expect(refuseRetry({ ...broken, ...facts }, () => true)).toBe(refusal);
  });

  it('asks the budget only for what nothing else speaks against', () => {
    expect(refuseRetry(broken, () => false)).toBe('budget');
    let asked = 0;
    refuseRetry({ ...broken, attempts: 4 }, () => ++asked > 0);
    expect(asked).toBe(0);
  });
});

describe('isWorthRepeating', () => {
  it.each([
    ['STORE_UNAVAILABLE', true],
    ['RATE_LIMITED', false],
    ['DEADLINE_EXCEEDED', false],
    ['INTERNAL', false],
    ['PERMISSION_DENIED', false],
  ] as const)('%s: %s', (reason, worth) => {
    expect(isWorthRepeating(new ChatError(reason))).toBe(worth);
  });
});
