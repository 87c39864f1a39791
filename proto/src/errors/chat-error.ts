import type { ErrorReason } from './error-reason.js';
import { type ErrorRow, errorTable } from './error-table.js';

/** `rejected`: nothing happened. `unknown`: it may have happened; retry with the same `clientMessageId`. */
export type ErrorOutcome = 'rejected' | 'unknown';

/** What a thrower may add to the reason. */
export interface ChatErrorDetails {
  /** One sentence for the caller, without secrets or message content. Default: the table's text. */
  readonly message?: string;
  /** Whether a write had been issued. Default `rejected`; `unknown` is kept only where the table allows it. */
  readonly outcome?: ErrorOutcome;
  /** How long to wait before a retry makes sense, milliseconds. */
  readonly retryAfterMs?: number;
  /** For the log only, never sent. */
  readonly cause?: unknown;
}

/** The only error that business code throws. Each transport has one filter that knows how it looks there. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly reason: ErrorReason;
  readonly outcome: ErrorOutcome;
  readonly retryAfterMs: number | undefined;

  constructor(reason: ErrorReason, details: ChatErrorDetails = {}) {
    super(details.message ?? errorTable[reason].text, { cause: details.cause });
    this.reason = reason;
    this.outcome = errorTable[reason].outcome === 'rejected' ? 'rejected' : (details.outcome ?? 'rejected');
    this.retryAfterMs = details.retryAfterMs;
  }

  /** The table's row for this reason. */
  get row(): ErrorRow {
    return errorTable[this.reason];
  }
}

/** Any thrown value as a ChatError: itself, or `INTERNAL` with its fixed text and the value as the cause. */
export function toChatError(thrown: unknown, outcome: ErrorOutcome = 'rejected'): ChatError {
  return thrown instanceof ChatError ? thrown : new ChatError('INTERNAL', { cause: thrown, outcome });
}
