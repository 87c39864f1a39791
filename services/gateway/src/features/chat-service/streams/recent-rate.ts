const spanMs = 100;

/** How often something happened lately: in the last tenth of a second that is over, or since, when that was longer ago. */
export class RecentRate {
  private rate = 0;
  private count = 0;
  private since = Number.NEGATIVE_INFINITY;

  /** Notes that it happens at `now`, monotonic milliseconds. */
  note(now: number): void {
    const elapsedMs = now - this.since;
    if (elapsedMs >= spanMs) {
      this.rate = (this.count * 1_000) / elapsedMs;
      this.count = 0;
      this.since = now;
    }
    this.count += 1;
  }

  /** Times a second, as of the last {@link note}. */
  get perSecond(): number {
    return this.rate;
  }
}
