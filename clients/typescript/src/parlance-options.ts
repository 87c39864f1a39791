import type { OutboxStore } from './outbox/stores/outbox-store.js';

/** How a client finds its gateway and proves who it is. */
export interface ParlanceOptions {
  /** Base URL of the gateway, such as `https://chat.example.com`. */
  readonly url: string;
  /**
   * Asked for a token before every connection attempt and a minute before a token expires. What it throws is told as an
   * `error` event and tried again, unless it is a `ParlanceError` that is not retryable: that ends the connecting. One that
   * does not settle within `requestTimeoutMs` counts as one that threw.
   */
  readonly getToken: () => string | Promise<string>;
  /**
   * Waits between attempts: a random time of up to `firstMs`, doubled with each attempt, at most `capMs` (full jitter,
   * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
   */
  readonly reconnect?: {
    /** Milliseconds. Default 300. */
    readonly firstMs?: number;
    /** Milliseconds. Default 20,000. */
    readonly capMs?: number;
  };
  /** Time for one request, for a token, and for a connection to become ready, milliseconds. Default 12,000. */
  readonly requestTimeoutMs?: number;
  /**
   * Where messages wait until they are in the log. Default `memoryOutbox()`, which ends with the program; `indexedDbOutbox()`
   * in a browser and `fileOutbox(path)` in Node outlive it.
   */
  readonly outbox?: OutboxStore;
  /** Messages of a room that stay in memory at most, the newest ones, while nobody pages back in it. Default 500. */
  readonly messagesPerRoom?: number;
}
