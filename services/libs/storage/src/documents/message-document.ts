import type { Long, ObjectId } from 'mongodb';
import type { MonthYear } from './month.js';

/** One slot of a room's log as it lies in `messages_YYYY_MM`. */
export type SlotDocument = MessageDocument | MarkDocument;

/**
 * A message. Reserved are `rev`, `editedAt`, `deletedAt`, `reactions`, `replyTo`, `threadRootId` and `enc`: folding room events
 * will write them.
 */
export interface MessageDocument extends SlotKey {
  readonly kind?: undefined;
  /** A user; of a system message an id that no user has. */
  readonly senderId: string;
  /**
   * Always present: given by the client, else assigned before the first attempt (R5: a client id makes a retry safe).
   */
  readonly clientMessageId: string;
  /**
   * Keyed hash of the body at the first write; never changes, so an edit does not break a retry (R5: a client id makes
   * a retry safe).
   */
  readonly bodyHash: string;
  readonly content: string;
  readonly messageType: 'text' | 'image' | 'file' | 'system';
  /** JSON text of the client's `metadata`, kept as text so that no key of it means anything to the database. */
  readonly metadata?: string;
  /** It was erased: the texts are empty, and what is left of `clientMessageId` is a hash (`erasedClientId`) or nothing. */
  readonly erasedAt?: Date;
}

/**
 * A slot that is not a message: `seal` ends a segment (R6: a month ends with its seal), `void` closes a hole that an
 * audit found.
 */
export interface MarkDocument extends SlotKey {
  readonly kind: 'seal' | 'void';
}

interface SlotKey {
  readonly _id: ObjectId;
  readonly monthYear: MonthYear;
  readonly roomId: string;
  /** BSON long. 1, 2, 3, ... over all segments of the room. */
  readonly messageId: Long;
  readonly timestamp: Date;
}

/** True for a message, false for a seal or void. */
export function isMessage(slot: SlotDocument): slot is MessageDocument {
  return slot.kind === undefined;
}

/**
 * The only indexes of a monthly collection, unique both. The first is the log itself (R2: the log is the counter), the
 * second idempotency (R5: a client id makes a retry safe). A query uses the partial one only if it repeats {@link
 * hasClientMessageId}.
 */
export const messageIndexes = [
  { key: { monthYear: 1, roomId: 1, messageId: 1 }, name: 'slot', unique: true },
  {
    key: { monthYear: 1, roomId: 1, senderId: 1, clientMessageId: 1 },
    name: 'client_message_id',
    unique: true,
    partialFilterExpression: { clientMessageId: { $type: 'string' } },
  },
] as const;

/** The partial filter of the client-id index, to be repeated in queries that want it. */
export const hasClientMessageId = { clientMessageId: { $type: 'string' } } as const;
