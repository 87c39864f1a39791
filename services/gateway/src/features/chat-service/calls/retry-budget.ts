const most = 1_000;
const perCall = 0.1;
const perSecond = 10;

/**
 * How often calls may be sent again, so that retries cannot double the load of a chat service that is in trouble: a
 * tenth of a token for every call and ten a second, at most 1,000 saved up; a retry takes one. The saving is what a
 * broken stream with its calls in flight needs at once. After gRPC's retry throttling
 * (https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs) and
 * Finagle's retry budgets. Times are milliseconds of one clock.
 */
export class RetryBudget {
  private tokens = most;

  constructor(private filledAt: number) {}

  /** Notes a new call. */
  earn(): void {
    this.tokens = Math.min(most, this.tokens + perCall);
  }

  /** Takes the token for one retry; false when there is none. */
  take(now: number): boolean {
    this.tokens = Math.min(most, this.tokens + (Math.max(0, now - this.filledAt) / 1_000) * perSecond);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
