/** How fast something may happen. */
export interface Rate {
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Tokens of a full bucket: what may happen at once after a pause. */
  readonly burst: number;
}

/**
 * Token buckets by key (https://en.wikipedia.org/wiki/Token_bucket), in memory. A bucket that has filled up again is
 * forgotten in time: there are never more than a thousand and twice as many as were not full lately.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();
  private takenSinceSweep = 0;

  constructor(
    private readonly rate: Rate,
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  /** How long to wait until a token is there, in whole milliseconds; 0 when one is there now. Takes nothing. */
  waitMs(key: string): number {
    return Math.max(0, Math.ceil(((1 - this.tokens(key)) * 1_000) / this.rate.perSecond));
  }

  /** Takes a token. Ask {@link waitMs} first. */
  take(key: string): void {
    this.buckets.set(key, { tokens: this.tokens(key) - 1, at: this.now() });
    this.takenSinceSweep++;
    if (this.takenSinceSweep > Math.max(1_000, this.buckets.size / 2)) this.forgetFull();
  }

  /** Buckets in memory. */
  get size(): number {
    return this.buckets.size;
  }

  /** So seldom that each token taken pays for looking at two buckets at most. */
  private forgetFull(): void {
    this.takenSinceSweep = 0;
    for (const key of this.buckets.keys()) if (this.tokens(key) >= this.rate.burst) this.buckets.delete(key);
  }

  private tokens(key: string): number {
    const bucket = this.buckets.get(key);
    if (!bucket) return this.rate.burst;
    return Math.min(this.rate.burst, bucket.tokens + ((this.now() - bucket.at) * this.rate.perSecond) / 1_000);
  }
}
