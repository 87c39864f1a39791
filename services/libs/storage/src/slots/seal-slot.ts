import { Long, ObjectId } from 'mongodb';
import type { MarkDocument } from '../documents/message-document.js';
import { endOfMonth, type MonthYear } from '../documents/month.js';

/** The end of a room's log in one month, read at majority. */
export interface SegmentEnd {
  readonly roomId: string;
  readonly monthYear: MonthYear;
  /** Id of the newest message; one less than the segment's first id when the month has none. */
  readonly head: number;
  /** Its time, or the start of the month; Unix milliseconds. */
  readonly timestamp: number;
}

/**
 * The record that ends a room's month: it takes slot head+1, where a message would have gone, so the unique index
 * decides between the two (R6: a month ends with its seal). It names nothing. Whoever meets it at the end of the last
 * segment adds the next one to `rooms.segments`; that segment's first message takes the same number again, so seals
 * never show in the ids.
 */
export function sealSlot({ roomId, monthYear, head, timestamp }: SegmentEnd): MarkDocument {
  return {
    _id: new ObjectId(),
    kind: 'seal',
    monthYear,
    roomId,
    messageId: Long.fromNumber(head + 1),
    timestamp: new Date(Math.max(timestamp, endOfMonth(monthYear) - 1)),
  };
}
