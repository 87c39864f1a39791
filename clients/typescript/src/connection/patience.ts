const leastMs = 6_000;

/** The server's heartbeats find a dead socket in 45 s. */
const mostMs = 40_000;

/**
 * How long a socket may be silent after it was asked for a sign of life. On a slow line the answer may only be stuck behind a
 * large one: so each silence in a row is waited for twice as long as the one before, and an answer that was late is given as
 * much time again. It outlives the sockets that it is about.
 */
export class Patience {
  private _ms = leastMs;

  /** Milliseconds. */
  get ms(): number {
    return this._ms;
  }

  /** A socket was given up because nothing came. */
  silence(): void {
    this._ms = Math.min(mostMs, 2 * this._ms);
  }

  /** Something came so long after the question. */
  answeredAfter(ms: number): void {
    this._ms = Math.min(mostMs, Math.max(leastMs, 2 * ms));
  }
}
