/** Messages a second from which on commands are spaced; below, each goes at once. */
const pacedFrom = 300;

/** From here on the spacing is as long as it gets. */
const longestFrom = 500;

/** The longest time between the starts of two commands, milliseconds: 20 messages at 1,000 a second. */
const longestMs = 20;

/** With so many messages on the average a command gains nothing by waiting for more. */
const enoughMessages = 24;

/** Time in which the rate is measured: what is older counts for less and less, milliseconds. */
const memoryMs = 100;

/**
 * How far apart insert commands start, by what has come lately: not at all below 300 messages a second, so that a quiet
 * system waits for nothing; from there on ever more, up to 20 ms from 500 a second on; and less again where less holds 24
 * messages, so that latency falls as the rate grows. A command costs the same whatever it holds, so it is worth waiting where
 * the wait brings company. Shorter than the pause of a gateway's frames: a frame of the only gateway goes on at once.
 * Pure but for its own memory.
 */
export class CommitPace {
  private perSecond = 0;
  private at = Number.NEGATIVE_INFINITY;
  private spacingMs = 0;

  /** A command with so many messages starts. `now` in milliseconds that only rise. */
  started(messages: number, now: number): void {
    this.perSecond = this.perSecond * Math.exp((this.at - now) / memoryMs) + (messages * 1_000) / memoryMs;
    this.at = now;
    this.spacingMs = spacingAt(this.perSecond);
  }

  /** Milliseconds until the next command may start; 0 when it may start now. */
  waitMs(now: number): number {
    return Math.max(0, this.at + this.spacingMs - now);
  }
}

function spacingAt(perSecond: number): number {
  const load = Math.max(0, (perSecond - pacedFrom) / (longestFrom - pacedFrom));
  return Math.min(longestMs, load * longestMs, (enoughMessages * 1_000) / perSecond);
}
