import { ErrorReason as WireReason } from '../gen/chat/v1/error.js';

/**
 * Every way a call can fail, as clients see it in `error.code`. On gRPC the same name carries the prefix
 * `ERROR_REASON_`. What each means for the caller: docs/errors.md, which is `errorTable`.
 */
export type ErrorReason = (typeof errorReasons)[number];

/** All reasons, in the order of the documentation. */
export const errorReasons = [
  'INVALID_MESSAGE',
  'MESSAGE_TOO_LARGE',
  'UNAUTHENTICATED',
  'TOKEN_EXPIRED',
  'ORIGIN_NOT_ALLOWED',
  'PERMISSION_DENIED',
  'NOT_A_PARTICIPANT',
  'ROOM_NOT_FOUND',
  'MESSAGE_NOT_FOUND',
  'ROOM_FULL',
  'IDEMPOTENCY_CONFLICT',
  'RATE_LIMITED',
  'TOO_MANY_CONNECTIONS',
  'STORE_UNAVAILABLE',
  'ARCHIVE_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'SHUTTING_DOWN',
  'INTERNAL',
] as const;

const prefix = 'ERROR_REASON_';
const known: ReadonlySet<string> = new Set(errorReasons);

/** The reason's name on gRPC. */
export function toWireReason(reason: ErrorReason): WireReason {
  return WireReason[`${prefix}${reason}`];
}

/** The reason behind a name received over gRPC; `INTERNAL` for one this version does not know. */
export function fromWireReason(name: string): ErrorReason {
  const reason = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return isErrorReason(reason) ? reason : 'INTERNAL';
}

function isErrorReason(text: string): text is ErrorReason {
  return known.has(text);
}
