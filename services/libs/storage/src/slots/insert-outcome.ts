import { type Document, MongoServerError, MongoServerSelectionError, MongoWriteConcernError } from 'mongodb';

/** What became of one document of an insert command. */
export type InsertOutcome =
  /** Acknowledged by a majority. */
  | { readonly kind: 'committed' }
  /**
   * A unique index refused it: the slot or the client id is taken, perhaps by a record that may still roll back (R4: a
   * taken slot is read at majority).
   */
  | { readonly kind: 'taken' }
  /**
   * It may have been stored or may still be: time-out, lost connection, write concern error (R3: no answer is no
   * failure).
   */
  | { readonly kind: 'unknown'; readonly cause: unknown }
  /** Never sent, or behind a refused document of an ordered batch. */
  | { readonly kind: 'notAttempted'; readonly cause?: unknown }
  /** Certainly not stored, and the server will never take it as it is. */
  | { readonly kind: 'refused'; readonly cause: unknown };

const duplicateKey = 11_000;

/**
 * Codes that a server answers before it has stored anything of the document or command they concern: not understood, not
 * allowed, not a document or collection that can be written. Any other code leaves room for doubt: a server that stops
 * being primary, is interrupted or runs out of time (10107, 189, 11600, 11602, 50) answers the whole command so even
 * after its first documents were stored, and a router puts a shard's lost answer (6, 89) at single documents.
 */
const certainlyRefused: ReadonlySet<unknown> = new Set([
  2, // BadValue: a document that is too large
  9, // FailedToParse
  13, // Unauthorized
  14, // TypeMismatch
  53, // InvalidIdField
  59, // CommandNotFound
  72, // InvalidOptions
  73, // InvalidNamespace
  121, // DocumentValidationFailure
  166, // CommandNotSupportedOnView: the month was archived and dropped (R7: a sealed month takes nothing more)
  10_334, // BSONObjectTooLarge
  40_415, // a field of the command that the server does not know
]);

/** The outcomes of an insert command that was answered, one a document. `reply` is the server's, errors included. */
export function outcomesOfReply(reply: Document, count: number, ordered: boolean): InsertOutcome[] {
  const doubt = reply['writeConcernError'];
  const stored: InsertOutcome = doubt ? { kind: 'unknown', cause: doubt } : { kind: 'committed' };
  const outcomes = new Array<InsertOutcome>(count).fill(stored);
  for (const error of (reply['writeErrors'] ?? []) as Document[]) {
    const index = Number(error['index']);
    const outcome = outcomeOfWriteError(error);
    outcomes[index] = outcome;
    if (ordered) outcomes.fill(outcome.kind === 'unknown' ? outcome : { kind: 'notAttempted' }, index + 1);
  }
  return outcomes;
}

/** The outcomes of an insert command that the driver threw for, one a document. */
export function outcomesOfError(thrown: unknown, count: number, ordered: boolean): InsertOutcome[] {
  // The driver throws for a missing majority; what it throws still holds the reply with its errors by document.
  if (thrown instanceof MongoWriteConcernError) return outcomesOfReply(thrown.errorResponse, count, ordered);
  return new Array<InsertOutcome>(count).fill({ kind: kindOfError(thrown), cause: thrown });
}

function kindOfError(thrown: unknown): 'notAttempted' | 'refused' | 'unknown' {
  if (thrown instanceof MongoServerSelectionError) return 'notAttempted';
  return thrown instanceof MongoServerError && certainlyRefused.has(thrown.code) ? 'refused' : 'unknown';
}

function outcomeOfWriteError(error: Document): InsertOutcome {
  if (error['code'] === duplicateKey) return { kind: 'taken' };
  return { kind: certainlyRefused.has(error['code']) ? 'refused' : 'unknown', cause: error };
}
