import type { RoomView } from '@parlance/client';
import type { ChatMessage } from '@parlance/proto';

const rank = { read: 0, delivered: 1, sent: 2 } as const;

/**
 * How far a message has got with each participant but its sender: those who read it first, then those who have it, then
 * the others, by name. Joins what the message said when it was loaded with the marks that came since. A room that does not
 * name all its participants has receipts of those that are known. Pure.
 */
export function receiptsOf(
  message: ChatMessage,
  { room, marks }: Pick<RoomView, 'room' | 'marks'>,
): readonly Receipt[] {
  const readers = new Map(message.readBy.map(({ userId, readAt }) => [userId, readAt]));
  const receipts = [...new Set([...room.participants, ...message.deliveredTo, ...readers.keys()])]
    .filter((userId) => userId !== message.senderId)
    .map((userId): Receipt => {
      const mark = marks.get(userId);
      if (readers.has(userId) || (mark?.read ?? 0) >= message.messageId) {
        const readAt = readers.get(userId) ?? mark?.readAt;
        return { userId, state: 'read', ...(readAt === undefined ? {} : { readAt }) };
      }
      const has = message.deliveredTo.includes(userId) || (mark?.delivered ?? 0) >= message.messageId;
      return { userId, state: has ? 'delivered' : 'sent' };
    });
  return receipts.toSorted((a, b) => rank[a.state] - rank[b.state] || (a.userId < b.userId ? -1 : 1));
}

/** What one participant has of a message. */
export interface Receipt {
  readonly userId: string;
  readonly state: 'sent' | 'delivered' | 'read';
  /** Unix milliseconds, where it is known. */
  readonly readAt?: number;
}
