import { ChatError, toChatError } from '@parlance/proto';
import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';

/**
 * Server error codes that a later attempt may not meet again: time-outs, elections, missing majority, cursors that ended with
 * them; a shard without a primary (133), a router that has to learn where something lies (249, 13388).
 */
const passing: ReadonlySet<number> = new Set([
  6, 7, 43, 50, 64, 79, 89, 91, 133, 175, 189, 202, 237, 246, 249, 262, 317, 358, 9001, 10_107, 11_600, 11_602, 13_388,
  13_435, 13_436,
]);

/**
 * Runs a read, or a write that may be repeated freely, and turns the driver's passing failures into
 * `STORE_UNAVAILABLE`. Anything else goes on as it is and becomes `INTERNAL` at the edge.
 */
export async function mapMongoErrors<Result>(
  operation: () => Promise<Result>,
  outcome: 'rejected' | 'unknown' = 'rejected',
): Promise<Result> {
  try {
    return await operation();
  } catch (cause) {
    throw isPassing(cause) ? new ChatError('STORE_UNAVAILABLE', { cause, outcome }) : cause;
  }
}

/**
 * Runs a change that consists of several steps, from its first write on: whatever fails in it may have happened, so the
 * caller is told `unknown`, also when it was a read after the write that failed.
 */
export async function withUnknownOutcome<Result>(change: () => Promise<Result>): Promise<Result> {
  try {
    return await change();
  } catch (thrown) {
    const { reason, message, cause } = toChatError(thrown);
    throw new ChatError(reason, { message, cause, outcome: 'unknown' });
  }
}

/** True for a refusal by a unique index. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11_000;
}

/** True where a collection was asked for that does not stand (26), or a view has its name (166). */
export function isNoCollection(error: unknown): boolean {
  return error instanceof MongoServerError && (error.code === 26 || error.code === 166);
}

/** The indexes of the documents that a unique index refused, when nothing else of a bulk write failed; else undefined. */
export function duplicatesOf(error: unknown): readonly number[] | undefined {
  if (!(error instanceof MongoBulkWriteError)) return undefined;
  const faults = [error.writeErrors].flat();
  return faults.length > 0 && faults.every(({ code }) => code === 11_000)
    ? faults.map(({ index }) => index)
    : undefined;
}

/** True for what a later attempt may not meet again: no connection, a time-out, an election, a missing majority. */
export function isPassing(error: unknown): boolean {
  // A command that had its time (`commandTimeout`); the driver hands on the signal's own error in places.
  if (error instanceof DOMException && error.name === 'TimeoutError') return true;
  // A bulk write that broke off for the driver's own reason carries that one, and no code.
  if (error instanceof MongoBulkWriteError && isError(error.errorResponse)) return isPassing(error.errorResponse);
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (error instanceof MongoServerError) return typeof error.code === 'number' && passing.has(error.code);
  // Pool cleared, wait queue time-out, client closing: the driver's own failures before an answer.
  return error instanceof MongoError && !(error instanceof MongoServerError);
}

function isError(value: unknown): value is Error {
  return value instanceof Error;
}
