import type { MonthYear, SlotDocument } from '@parlance/storage';
import type { ObjectId } from 'mongodb';

/** A slot about to be written. */
export type NewSlot = SlotDocument;

/** Name of a client's message within one room. */
export interface ClientKey {
  readonly senderId: string;
  readonly clientMessageId: string;
}

/** Ids `from` to `to`, both included. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** Decoded form of a slot: ids as numbers. */
export interface StoredSlot {
  readonly _id: ObjectId;
  readonly kind: 'message' | 'seal' | 'void';
  readonly messageId: number;
  readonly monthYear: MonthYear;
  readonly roomId: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly senderId: string;
  readonly clientMessageId: string;
  readonly bodyHash: string;
  readonly content: string;
  readonly messageType: 'text' | 'image' | 'file' | 'system';
  /** JSON text, empty when the message has none. */
  readonly metadataJson: string;
  /** It was erased: texts, hash and name are empty, or the name is a hash. */
  readonly erased: boolean;
}
