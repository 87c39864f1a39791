import { limits } from '@parlance/proto';
import type { DerivedReceipts } from '../slots/message.mapper.js';

/** How far one current participant has got. */
export interface ParticipantMarks {
  readonly userId: string;
  /** First message after the latest join. */
  readonly countsFrom: number;
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  /** Unix milliseconds when `readUpTo` last rose; 0 if it never did. */
  readonly readAt: number;
}

/**
 * Who has got and read a message: the current participants other than its sender whose marks have reached it. `read` when
 * all of them have read it, else `delivered` when it has reached all of them, else `sent`. Whoever has come after the
 * message counts for nothing: it was not sent to them. Rooms of more than 100 participants get numbers in place of names. Pure.
 */
export function deriveReceipts(
  message: { readonly messageId: number; readonly senderId: string },
  participants: readonly ParticipantMarks[],
): DerivedReceipts {
  const { messageId, senderId } = message;
  const others = participants.filter(({ userId, countsFrom }) => userId !== senderId && countsFrom <= messageId);
  const delivered = others.filter(({ deliveredUpTo }) => deliveredUpTo >= messageId);
  const read = others.filter(({ readUpTo }) => readUpTo >= messageId);
  const all = (some: readonly ParticipantMarks[]): boolean => others.length > 0 && some.length === others.length;
  const status = all(read) ? 'read' : all(delivered) ? 'delivered' : 'sent';
  if (participants.length > limits.namedReaders) {
    const counts = { deliveredCount: delivered.length, readCount: read.length };
    return { status, deliveredTo: [], readBy: [], receiptsCounted: true, ...counts };
  }
  return {
    status,
    deliveredTo: delivered.map(({ userId }) => userId),
    readBy: read.map(({ userId, readAt }) => ({ userId, readAt })),
    receiptsCounted: false,
    deliveredCount: 0,
    readCount: 0,
  };
}
