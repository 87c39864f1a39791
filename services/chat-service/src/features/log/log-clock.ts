/** Time, as the writing end of a log needs it. */
export interface LogClock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves when the next try after `retries` failures in a row is due. */
  backoff(retries: number): Promise<void>;
  /** Calls back at a time in Unix milliseconds, or earlier. */
  alarm(at: number, ring: () => void): void;
}
