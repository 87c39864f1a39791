import type { ChatError } from '@parlance/proto';

const refusals: readonly (readonly [RetryRefusal, (facts: RetryFacts) => boolean])[] = [
  ['twice', ({ effect, isRepeatable }) => effect === 'unknown' && !isRepeatable],
  ['attempts', ({ attempts }) => attempts >= maxAttempts],
  ['time', ({ nextAt, deadlineAt }) => nextAt >= deadlineAt],
];

/**
 * Why a call is not sent again after a failed attempt; undefined when it may be. The budget is asked last, since a
 * token that is taken is spent. Pure but for that.
 */
export function refuseRetry(facts: RetryFacts, takeToken: () => boolean): RetryRefusal | undefined {
  return refusals.find(([, applies]) => applies(facts))?.[0] ?? (takeToken() ? undefined : 'budget');
}

/**
 * Whether an answer of the chat service is worth another attempt: STORE_UNAVAILABLE may be over in a moment. The other
 * retryable ones are for the client to wait for: it was told when (RATE_LIMITED), its time is over, or it is our fault.
 */
export function isWorthRepeating({ reason }: ChatError): boolean {
  return reason === 'STORE_UNAVAILABLE';
}

/** What is known of a failed attempt. */
export interface RetryFacts {
  /** `none`: a stopping pod turned it away. `rejected`: it failed and did nothing. `unknown`: it may have happened. */
  readonly effect: 'none' | 'rejected' | 'unknown';
  /** Doing it twice is the same as once: a read, or a write with a name such as the clientMessageId. */
  readonly isRepeatable: boolean;
  /** Attempts so far, the failed one included. */
  readonly attempts: number;
  /** When the next attempt would begin, and when the caller gives up. */
  readonly nextAt: number;
  readonly deadlineAt: number;
}

/** Why not: it might happen twice; it was tried often enough; no time; too many retries. */
export type RetryRefusal = 'twice' | 'attempts' | 'time' | 'budget';

/** A call that brings down every pod that it reaches must not reach all of them. */
const maxAttempts = 4;
