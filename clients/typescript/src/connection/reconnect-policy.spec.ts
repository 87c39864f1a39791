import { describe, expect, it } from 'vitest';
import { failure } from '../../test/fakes/fake-gateway.js';
import { ParlanceError, type ParlanceErrorCode } from '../parlance-error.js';
import { retryDelay } from '../time/retry-delay.js';
import { afterLoss } from './reconnect-policy.js';

const range = { firstMs: 300, capMs: 20_000 };

describe('many clients of one address', () => {
  it.each([0, 31_000, 55_000, 59_900])(
    'come in over the windows of its limit, and not all in one second: %d ms into a window',
    (startMs) => {
      const random = randomFrom(7);
      const limit = limitOf(20);
      const attempts: number[] = [];
      const waiting = Array.from({ length: 60 }, () => ({ at: startMs, attempt: 0 }));
      while (waiting.length > 0) {
        waiting.sort((left, right) => left.at - right.at);
        const [next] = waiting.splice(0, 1);
        if (!next) break;
        attempts.push(next.at);
        const error = limit(next.at);
        if (!error) continue;
        const step = afterLoss({ error, attempt: next.attempt, hasTriedFreshToken: false }, range, random);
        if (step.kind !== 'wait') throw step.error;
        expect(step.delayMs).toBeGreaterThanOrEqual(error.retryAfterMs ?? 0);
        waiting.push({ at: next.at + step.delayMs, attempt: next.attempt + 1 });
      }
      const seconds = new Map<number, number>();
      for (const at of attempts.filter((each) => each >= startMs + 5_000)) {
        seconds.set(Math.floor(at / 1_000), (seconds.get(Math.floor(at / 1_000)) ?? 0) + 1);
      }
      expect(Math.max(...seconds.values())).toBeLessThanOrEqual(8);
      expect(Math.max(...attempts)).toBeLessThan(startMs + 360_000);
    },
  );
});

describe('after a connection that could not be made or was lost', () => {
  const facts = { error: undefined, attempt: 2, hasTriedFreshToken: false };
  const error = (code: ParlanceErrorCode, more = {}): ParlanceError =>
    new ParlanceError({ ...failure('INTERNAL').error, retryable: false, ...more, code });

  it('waits a growing time when nobody named one', () => {
    const step = { kind: 'wait', delayMs: 600, isAsked: false };
    expect(afterLoss(facts, range, () => 0.5)).toEqual(step);
    const torn = error('DISCONNECTED', { retryable: true });
    expect(afterLoss({ ...facts, error: torn }, range, () => 0.5)).toEqual(step);
  });

  it('tries a new token at once, and later ones after a while', () => {
    const expired = { ...facts, error: error('TOKEN_EXPIRED') };
    expect(afterLoss(expired, range, () => 0.5)).toEqual({ kind: 'wait', delayMs: 0, isAsked: false });
    const again = afterLoss({ ...expired, hasTriedFreshToken: true }, range, () => 0.5);
    expect(again).toEqual({ kind: 'wait', delayMs: 600, isAsked: false });
  });

  it('gives up what no number of tries can change', () => {
    const refused = error('UNAUTHENTICATED');
    expect(afterLoss({ ...facts, error: refused }, range, () => 0.5)).toEqual({ kind: 'giveUp', error: refused });
  });

  it('waits as the server says, and spreads over as much time when that is long', () => {
    const busy = error('RATE_LIMITED', { retryable: true, retryAfterMs: 30_000 });
    const step = afterLoss({ ...facts, error: busy, attempt: 0 }, range, () => 0.5);
    expect(step).toEqual({ kind: 'wait', delayMs: 30_000 + 15_000 + 150, isAsked: true });
  });
});

describe('the wait before another try', () => {
  it('is what the server asks for, up to twice that, and a random part of a growing bound', () => {
    expect(retryDelay(undefined, 0, range, () => 0)).toBe(0);
    expect(retryDelay(10_000, 0, range, () => 0)).toBe(10_000);
    expect(retryDelay(10_000, 0, range, () => 0.999)).toBe(20_289);
    expect(retryDelay(undefined, 3, range, () => 0.5)).toBe(1_200);
  });

  it('is spread wider for a connection, which many may have lost together', () => {
    const error = new ParlanceError({ ...failure('RATE_LIMITED').error, retryable: true, retryAfterMs: 1_000 });
    const step = afterLoss({ error, attempt: 0, hasTriedFreshToken: false }, range, () => 0.999);
    expect(step).toEqual({ kind: 'wait', delayMs: 1_000 + 19_980 + 299, isAsked: true });
  });

  it('has a bound that stays, however many tries there were', () => {
    expect(retryDelay(undefined, 5_000, range, () => 0.5)).toBe(10_000);
    expect(retryDelay(undefined, 5_000, { firstMs: 0, capMs: 20_000 }, () => 0.5)).toBe(0);
  });

  it('is spread over no more than a minute', () => {
    expect(retryDelay(3_600_000, 0, range, () => 0.999)).toBe(3_600_000 + 59_940 + 299);
  });
});

/** So many in a window of a minute; who is refused is told when it ends. */
function limitOf(points: number): (now: number) => ParlanceError | undefined {
  const used = new Map<number, number>();
  return (now) => {
    const window = Math.floor(now / 60_000);
    used.set(window, (used.get(window) ?? 0) + 1);
    if ((used.get(window) ?? 0) <= points) return undefined;
    const retryAfterMs = (window + 1) * 60_000 - now;
    return new ParlanceError({ ...failure('RATE_LIMITED').error, retryable: true, retryAfterMs });
  };
}

/** A generator that is good enough to spread (https://en.wikipedia.org/wiki/Lehmer_random_number_generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
