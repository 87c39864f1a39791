import type { AckFailure, AckSuccess, ChatError } from '@parlance/proto';
import type { Answer } from './answer.js';

/** The envelope of an answer given at `now`, Unix milliseconds. */
export function toSuccess<Data>({ data, ...beside }: Answer<Data>, now: number): AckSuccess<Data> {
  return { success: true, data, ...beside, timestamp: new Date(now).toISOString() };
}

/** The envelope of an error at `now`, Unix milliseconds. It has no place for a cause. */
export function toFailure(error: ChatError, now: number): AckFailure {
  const { reason, message, outcome, retryAfterMs } = error;
  return {
    success: false,
    error: {
      code: reason,
      message,
      retryable: error.row.retryable,
      outcome,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    timestamp: new Date(now).toISOString(),
  };
}
