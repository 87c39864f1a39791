/** Messages a second from which on commands are spaced; below, each goes at once. */
const pacedFrom = 300;

/** The longest time between the starts of two commands, milliseconds. */
const longestMs = 25;

/** What the spacing tends to as the rate grows, before it is cut at {@link longestMs}. */
const towardsMs = 34;

/** Time in which the rate is measured: what is older counts for less and less, milliseconds. */
const memoryMs = 100;

/**
 * How far apart insert commands start, by what has come lately: not at all below 300 messages a second, so that a quiet
 * system waits for nothing; from there on ever more, up to 25 ms. A command costs the same whatever it holds, so it is
 * worth waiting where the wait brings company. Pure but for its own memory.
 */
export class CommitPace {
  private perSecond = 0;
  private at = Number.NEGATIVE_INFINITY;
  private spacingMs = 0;

  /** A command with so many messages starts. `now` in milliseconds that only rise. */
  started(messages: number, now: number): void {
    this.perSecond = this.perSecond * Math.exp((this.at - now) / memoryMs) + (messages * 1_000) / memoryMs;
    this.at = now;
    this.spacingMs =
      this.perSecond <= pacedFrom ? 0 : Math.min(longestMs, towardsMs * (1 - pacedFrom / this.perSecond));
  }

  /** Milliseconds until the next command may start; 0 when it may start now. */
  waitMs(now: number): number {
    return Math.max(0, this.at + this.spacingMs - now);
  }
}
