import type { ParlanceError } from '../parlance-error.js';
import type { JitterRange } from '../time/full-jitter.js';
import { retryDelay } from '../time/retry-delay.js';

/** Says what follows when a connection could not be made or was lost. Pure but for `random`. */
export function afterLoss(facts: LossFacts, range: JitterRange, random: () => number): NextStep {
  const { error, attempt, hasTriedFreshToken } = facts;
  if (error?.code === 'TOKEN_EXPIRED' && !hasTriedFreshToken) return { kind: 'wait', delayMs: 0, isAsked: false };
  if (error && !error.retryable && error.code !== 'TOKEN_EXPIRED') return { kind: 'giveUp', error };
  const { retryAfterMs } = error ?? {};
  // Whoever was refused at the end of a window shares it with many too.
  const delayMs = retryDelay(retryAfterMs, attempt, range, random, Math.max(retryAfterMs ?? 0, range.capMs));
  return { kind: 'wait', delayMs, isAsked: retryAfterMs !== undefined };
}

/** What is known when a connection is gone. */
export interface LossFacts {
  /** Undefined when the client itself let go of it. */
  readonly error: ParlanceError | undefined;
  /** Attempts since the last connection that lasted. */
  readonly attempt: number;
  /** A new token was tried because the last one had expired, and nothing became ready since. */
  readonly hasTriedFreshToken: boolean;
}

/** Try again after some time, or stop because no number of tries can help. */
export type NextStep =
  | {
      readonly kind: 'wait';
      readonly delayMs: number;
      /** The server has named the time: only somebody who calls `connect()` is faster. */
      readonly isAsked: boolean;
    }
  | { readonly kind: 'giveUp'; readonly error: ParlanceError };
