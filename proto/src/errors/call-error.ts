import { type CallError, ErrorOutcome } from '../gen/chat/v1/error.js';
import { ChatError } from './chat-error.js';
import { fromWireReason, toWireReason } from './error-reason.js';

/** A failure as it travels inside an Exchange frame. An INTERNAL one says no more than its fixed text. */
export function toCallError({ reason, message, row, outcome, retryAfterMs }: ChatError): CallError {
  return {
    reason: toWireReason(reason),
    message: reason === 'INTERNAL' ? row.text : message,
    outcome: outcome === 'unknown' ? ErrorOutcome.ERROR_OUTCOME_UNKNOWN : ErrorOutcome.ERROR_OUTCOME_REJECTED,
    retryAfterMs: retryAfterMs ?? 0,
  };
}

/** The failure behind a {@link CallError}. Of an INTERNAL one no text is passed on but the table's. */
export function fromCallError({ reason: name, message, outcome, retryAfterMs }: CallError): ChatError {
  const reason = fromWireReason(name);
  return new ChatError(reason, {
    ...(reason === 'INTERNAL' || message === '' ? {} : { message }),
    outcome: outcome === ErrorOutcome.ERROR_OUTCOME_UNKNOWN ? 'unknown' : 'rejected',
    ...(retryAfterMs > 0 ? { retryAfterMs } : {}),
  });
}
