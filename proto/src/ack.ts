import type { ErrorOutcome } from './chat-error.js';
import type { ErrorReason } from './error-reason.js';

/** The answer to every client event and every HTTP request. */
export type Ack<Data> = AckSuccess<Data> | AckFailure;

/** It happened. `Extra` is what some answers carry beside the data, such as `hasMore`. */
export interface AckSuccess<Data> {
  readonly success: true;
  readonly data: Data;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly hasMore?: boolean;
  /** Where the next page of `listRooms` starts. */
  readonly cursor?: string;
  /** The page was cut below by what the caller may see, which starts at `firstAvailableId`. */
  readonly truncated?: true;
  readonly firstAvailableId?: number;
}

/** It did not happen (`rejected`), or may have happened (`unknown`). */
export interface AckFailure {
  readonly success: false;
  readonly error: {
    readonly code: ErrorReason;
    readonly message: string;
    readonly retryable: boolean;
    readonly outcome: ErrorOutcome;
    readonly retryAfterMs?: number;
  };
  /** ISO 8601. */
  readonly timestamp: string;
}
