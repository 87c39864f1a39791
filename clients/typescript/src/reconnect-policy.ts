import { fullJitter, type JitterRange } from './full-jitter.js';
import type { ParlanceError } from './parlance-error.js';

/** Says what follows when a connection could not be made or was lost. Pure but for `random`. */
export function afterLoss(facts: LossFacts, range: JitterRange, random: () => number): NextStep {
  const { error, attempt, hasTriedFreshToken } = facts;
  if (error?.code === 'TOKEN_EXPIRED' && !hasTriedFreshToken) return { kind: 'wait', delayMs: 0 };
  if (error && !error.retryable && error.code !== 'TOKEN_EXPIRED') return { kind: 'giveUp', error };
  return { kind: 'wait', delayMs: (error?.retryAfterMs ?? 0) + fullJitter(attempt, range, random) };
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
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'giveUp'; readonly error: ParlanceError };
