import type { AckFailure, ErrorReason } from '@parlance/proto';

/** Something the server refused or could not tell, or that the connection prevented. */
export class ParlanceError extends Error {
  /** Always the same, for logs. */
  override readonly name = 'ParlanceError';
  /** What went wrong: programs branch on this, and show `message` to people. */
  readonly code: ParlanceErrorCode;
  /** The same call may succeed later without a change. */
  readonly retryable: boolean;
  /** `rejected`: it did not happen. `unknown`: it may have happened. */
  readonly outcome: 'rejected' | 'unknown';
  /** How long to wait before another try, milliseconds. */
  readonly retryAfterMs?: number;

  constructor(details: ParlanceErrorDetails, options?: { readonly cause?: unknown }) {
    super(details.message, options);
    this.code = details.code;
    this.retryable = details.retryable;
    this.outcome = details.outcome;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }

  /** The error of a failed ack or of a refused handshake. */
  static fromServer(error: AckFailure['error']): ParlanceError {
    return new ParlanceError(error);
  }

  /** There is no connection, or it was lost before the answer came: then the outcome is `unknown`. */
  static disconnected(outcome: 'rejected' | 'unknown', cause?: unknown): ParlanceError {
    const message =
      outcome === 'rejected' ? 'There is no connection.' : 'The connection was lost before the answer came.';
    return new ParlanceError({ code: 'DISCONNECTED', message, retryable: true, outcome }, { cause });
  }

  /** Whatever was thrown, as a ParlanceError; one that is none may be tried again. */
  static from(thrown: unknown, code: ParlanceErrorCode): ParlanceError {
    if (thrown instanceof ParlanceError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new ParlanceError({ code, message, retryable: true, outcome: 'unknown' }, { cause: thrown });
  }
}

/**
 * The server's reasons, and five of the client's own: `DISCONNECTED` (no connection), `CLOSED` (`close()` was called, or
 * another user signed in), `TOKEN_SOURCE_FAILED` (`getToken` threw or did not settle), `OUTBOX_FAILED` (the
 * store of the outbox failed) and `LISTENER_FAILED` (a listener threw).
 */
export type ParlanceErrorCode =
  | ErrorReason
  | 'DISCONNECTED'
  | 'CLOSED'
  | 'TOKEN_SOURCE_FAILED'
  | 'OUTBOX_FAILED'
  | 'LISTENER_FAILED';

/** What an error is made of. */
export interface ParlanceErrorDetails {
  /** What went wrong. */
  readonly code: ParlanceErrorCode;
  /** In words, for people. */
  readonly message: string;
  /** The same call may succeed later without a change. */
  readonly retryable: boolean;
  /** `rejected`: it did not happen. `unknown`: it may have happened. */
  readonly outcome: 'rejected' | 'unknown';
  /** How long to wait before another try, milliseconds. */
  readonly retryAfterMs?: number;
}
