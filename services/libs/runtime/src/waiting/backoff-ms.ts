/**
 * The pause before retry number `attempt` (1, 2, ...): doubles from `firstMs` up to `capMs`, then half of it is random,
 * so that clients that failed together do not come back together. Whole milliseconds. Pure.
 */
// oxlint-disable-next-line no-restricted-properties -- chance only spreads retries; nothing is decided by it
export function backoffMs(attempt: number, limits: BackoffLimits, random: () => number = Math.random): number {
  const full = Math.min(limits.capMs, limits.firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}

/** Where a backoff starts and ends, in milliseconds. */
export interface BackoffLimits {
  readonly firstMs: number;
  readonly capMs: number;
}
