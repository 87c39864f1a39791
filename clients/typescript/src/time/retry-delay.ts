import { fullJitter, type JitterRange } from './full-jitter.js';

const longestSpreadMs = 60_000;

/**
 * How long to wait before another try, milliseconds. At least as long as the server asks for, and then a random part of
 * `spreadMs`, because everybody who was refused in one window is told the same moment; on top of that {@link fullJitter} of
 * the tries so far.
 *
 * @param retryAfterMs what the server asks for, if it does.
 * @param spreadMs by default as much as the server asks for; a minute at most, the window of most limits.
 */
export function retryDelay(
  retryAfterMs: number | undefined,
  attempt: number,
  range: JitterRange,
  random: () => number,
  spreadMs: number = retryAfterMs ?? 0,
): number {
  const spread = retryAfterMs === undefined ? 0 : Math.floor(random() * Math.min(spreadMs, longestSpreadMs));
  return (retryAfterMs ?? 0) + spread + fullJitter(attempt, range, random);
}
