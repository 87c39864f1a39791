import type { Internals } from '../internals.js';
import { ParlanceError } from '../parlance-error.js';
import { retryDelay } from '../time/retry-delay.js';
import { tokenExpiry } from './token-expiry.js';

/** `setTimeout` fires at once for more. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Replaces the token of a live connection before it expires, and tries again as long as there is time: after that the
 * connection ends, and the next one begins with a new token anyway.
 */
export class TokenRefresh {
  private cancel: () => void = () => undefined;
  /** Counts connections; an answer for an older one is not heard. */
  private watching = 0;

  constructor(
    private readonly internals: Pick<Internals, 'clock' | 'random'>,
    private readonly getToken: () => Promise<string>,
    /** Has the connection go on with this token. */
    private readonly replaceBy: (token: string) => Promise<unknown>,
    private readonly failed: (error: ParlanceError) => void,
  ) {}

  /** Begins with the token of a new connection. `skewMs` is the server's clock minus this one's. */
  watch(token: string, skewMs: number): void {
    this.stop();
    this.begin(tokenExpiry(token), skewMs);
  }

  /** Ends with the connection. */
  stop(): void {
    this.watching += 1;
    this.cancel();
  }

  /** A token that does not say when it ends is never replaced. */
  private begin(expiry: number | undefined, skewMs: number): void {
    if (expiry === undefined) return;
    const life: TokenTimes = { expiry, skewMs };
    this.plan(life, () => refreshDelay(this.leftMs(life), this.internals.random), 0);
  }

  private plan(life: TokenTimes, delay: () => number, failures: number): void {
    const { clock } = this.internals;
    const watch = this.watching;
    const delayMs = delay();
    if (delayMs >= this.leftMs(life)) return;
    this.cancel = clock.after(Math.min(delayMs, longestTimerMs), () => {
      if (delayMs > longestTimerMs) this.plan(life, () => delayMs - longestTimerMs, failures);
      else void this.replace(watch, life, failures);
    });
  }

  /** Never rejects. A source that has nothing newer yet is asked again, and the server is not bothered with what it has. */
  private async replace(watch: number, life: TokenTimes, failures: number): Promise<void> {
    let error: ParlanceError | undefined;
    try {
      const token = await this.getToken();
      if (watch !== this.watching) return;
      const expiry = tokenExpiry(token);
      if (expiry === undefined || expiry > life.expiry) {
        await this.replaceBy(token);
        if (watch === this.watching) this.begin(expiry, life.skewMs);
        return;
      }
    } catch (thrown) {
      error = ParlanceError.from(thrown, 'TOKEN_SOURCE_FAILED');
      if (watch !== this.watching) return;
      this.failed(error);
      if (!error.retryable && error.code !== 'TOKEN_EXPIRED') return;
    }
    const { random } = this.internals;
    const range = { firstMs: 2_000, capMs: Math.max(20_000, this.leftMs(life) / 10) };
    const again = (): number => retryDelay(error?.retryAfterMs ?? 1_000, failures, range, random);
    this.plan(life, again, failures + 1);
  }

  private leftMs({ expiry, skewMs }: TokenTimes): number {
    return expiry - skewMs - this.internals.clock.now();
  }
}

/**
 * When to ask for the next token, milliseconds from now: a minute before the end, of a token that lives less than two minutes
 * when half of the time is left; and up to a fifth earlier, so that those who signed in together do not all come back together.
 */
export function refreshDelay(leftMs: number, random: () => number): number {
  const latestMs = Math.max(0, leftMs < 120_000 ? leftMs / 2 : leftMs - 60_000);
  return Math.floor(latestMs * (1 - random() / 5));
}

/** When a token ends by the server's clock, and that clock minus this one's, milliseconds. */
interface TokenTimes {
  readonly expiry: number;
  readonly skewMs: number;
}
