/**
 * A wait before attempt `attempt` (0, 1, ...), milliseconds: a random part of `firstMs * 2^attempt`, at most `capMs`
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function fullJitter(attempt: number, { firstMs, capMs }: JitterRange, random: () => number): number {
  return Math.floor(random() * Math.min(capMs, firstMs * 2 ** Math.min(attempt, 30)));
}

/** How long waits may become. */
export interface JitterRange {
  readonly firstMs: number;
  readonly capMs: number;
}
