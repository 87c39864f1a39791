/** A request was answered, and the answer was no. */
export class RefusedError extends Error {
  constructor(
    event: string,
    readonly refusal: Refusal,
  ) {
    super(`${event}: ${refusal.code} (${refusal.outcome}) ${refusal.message}`);
  }
}

/** The `error` of an ack, as far as it is looked at. */
interface Refusal {
  readonly code: string;
  readonly outcome: string;
  readonly message: string;
  /** After so many milliseconds it would pass. */
  readonly retryAfterMs?: number;
}
