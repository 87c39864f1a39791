import type { Clock } from './clock.js';
import { ParlanceError } from './parlance-error.js';
import { tokenExpiry } from './token-expiry.js';

/** Replaces the token of a live connection shortly before it expires. */
export class TokenRefresh {
  #cancel: () => void = () => undefined;
  /** Counts connections; an answer for an older one is not heard. */
  #watch = 0;

  constructor(
    private readonly clock: Clock,
    private readonly ports: TokenRefreshPorts,
  ) {}

  /** Begins with the token of a new connection. `skewMs` is the server's clock minus this one's. */
  watch(token: string, skewMs: number): void {
    this.stop();
    this.#schedule(token, skewMs, 0);
  }

  /** Ends with the connection. */
  stop(): void {
    this.#watch += 1;
    this.#cancel();
  }

  /** Schedules only for a token that ends later than the one before, so that an old token is not offered in a loop. */
  #schedule(token: string, skewMs: number, previousExpiry: number): void {
    const expiry = tokenExpiry(token);
    if (expiry === undefined || expiry <= previousExpiry) return;
    const watch = this.#watch;
    const delayMs = refreshDelay(expiry - skewMs - this.clock.now());
    this.#cancel = this.clock.after(Math.min(delayMs, longestTimerMs), () => {
      if (delayMs > longestTimerMs) this.#schedule(token, skewMs, previousExpiry);
      else void this.#replace(watch, skewMs, expiry);
    });
  }

  async #replace(watch: number, skewMs: number, expiry: number): Promise<void> {
    try {
      const token = await this.ports.getToken();
      if (watch !== this.#watch) return;
      await this.ports.send(token);
      if (watch === this.#watch) this.#schedule(token, skewMs, expiry);
    } catch (thrown) {
      if (watch === this.#watch) this.ports.failed(ParlanceError.from(thrown, 'TOKEN_SOURCE_FAILED'));
    }
  }
}

/** What refreshing works with. */
export interface TokenRefreshPorts {
  getToken(): Promise<string>;
  send(token: string): Promise<unknown>;
  failed(error: ParlanceError): void;
}

/** A minute before the end; of a token that lives less than two minutes, half of the time that is left. */
export function refreshDelay(leftMs: number): number {
  return Math.max(0, leftMs < 120_000 ? Math.floor(leftMs / 2) : leftMs - 60_000);
}

/** `setTimeout` fires at once for more. */
const longestTimerMs = 2 ** 31 - 1;
