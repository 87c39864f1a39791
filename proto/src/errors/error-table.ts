import type { ErrorReason } from './error-reason.js';

/** What one error reason means on every transport. */
export interface ErrorRow {
  /** gRPC status code (https://grpc.github.io/grpc/core/md_doc_statuscodes.html). */
  readonly grpcStatus: number;
  /** HTTP status code. */
  readonly httpStatus: number;
  /** The same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /**
   * `rejected`: nothing happened. `unknownOnceIssued`: nothing happened either, unless a write had been issued: then
   * it may have been stored, and only a retry with the same `clientMessageId` tells.
   */
  readonly outcome: 'rejected' | 'unknownOnceIssued';
  /** What a person reads when the thrower has nothing more exact to say. */
  readonly text: string;
}

const status = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** The one total table of errors. docs/errors.md shows it and is checked against it. */
export const errorTable: Readonly<Record<ErrorReason, ErrorRow>> = {
  INVALID_MESSAGE: row(status.INVALID_ARGUMENT, 400, 'final', 'The request is not of the documented form.'),
  MESSAGE_TOO_LARGE: row(status.INVALID_ARGUMENT, 413, 'final', 'The content or the event is over its limit.'),
  UNAUTHENTICATED: row(status.UNAUTHENTICATED, 401, 'final', 'The token is missing or not valid.'),
  TOKEN_EXPIRED: row(status.UNAUTHENTICATED, 401, 'final', 'The token has expired; get a new one.'),
  ORIGIN_NOT_ALLOWED: row(status.PERMISSION_DENIED, 403, 'final', 'Pages of this origin may not connect.'),
  PERMISSION_DENIED: row(status.PERMISSION_DENIED, 403, 'final', 'Your role does not allow this.'),
  NOT_A_PARTICIPANT: row(status.PERMISSION_DENIED, 403, 'final', 'Join the room first.'),
  ROOM_NOT_FOUND: row(status.NOT_FOUND, 404, 'final', 'There is no such room, or it is not yours to see.'),
  MESSAGE_NOT_FOUND: row(status.NOT_FOUND, 404, 'final', 'There is no such message in this room.'),
  ROOM_FULL: row(status.FAILED_PRECONDITION, 409, 'final', 'The room has reached its limit of participants.'),
  IDEMPOTENCY_CONFLICT: row(
    status.ALREADY_EXISTS,
    409,
    'final',
    'This clientMessageId was used for a message with another body.',
  ),
  RATE_LIMITED: row(status.RESOURCE_EXHAUSTED, 429, 'later', 'Too many requests; wait retryAfterMs.'),
  TOO_MANY_CONNECTIONS: row(status.RESOURCE_EXHAUSTED, 429, 'later', 'Too many connections.'),
  STORE_UNAVAILABLE: row(status.UNAVAILABLE, 503, 'uncertain', 'The message store cannot be reached; retry.'),
  ARCHIVE_UNAVAILABLE: row(status.UNAVAILABLE, 503, 'later', 'This part of the history cannot be read now; retry.'),
  DEADLINE_EXCEEDED: row(status.DEADLINE_EXCEEDED, 504, 'uncertain', 'No answer within the time given; retry.'),
  SHUTTING_DOWN: row(status.UNAVAILABLE, 503, 'uncertain', 'This server is stopping; retry on another.'),
  INTERNAL: row(status.INTERNAL, 500, 'uncertain', 'Something went wrong on our side; retry.'),
};

/** `final`: rejected for good. `later`: rejected now. `uncertain`: retryable, unknown once a write was issued. */
type Kind = 'final' | 'later' | 'uncertain';

function row(grpcStatus: number, httpStatus: number, kind: Kind, text: string): ErrorRow {
  return {
    grpcStatus,
    httpStatus,
    retryable: kind !== 'final',
    outcome: kind === 'uncertain' ? 'unknownOnceIssued' : 'rejected',
    text,
  };
}
