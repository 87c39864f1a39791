/** Kind of a message. `image` and `file` carry `metadata.attachments`. */
export type MessageType = (typeof messageTypes)[number];

/** All kinds of message. */
export const messageTypes = ['text', 'image', 'file'] as const;

/** How far a message has got, derived from the participants' watermarks. */
export type MessageStatus = 'sent' | 'delivered' | 'read';

/** One message as clients see it. */
export interface ChatMessage {
  /** Position in the room's log: 1, 2, 3, ... without gaps. */
  readonly messageId: number;
  readonly roomId: string;
  readonly senderId: string;
  readonly content: string;
  /** Unix milliseconds; never falls from one message of a room to the next. */
  readonly timestamp: number;
  /** Month of `timestamp` in UTC, `YYYY-MM`. */
  readonly monthYear: string;
  readonly status: MessageStatus;
  readonly deliveredTo: readonly string[];
  readonly readBy: readonly { readonly userId: string; readonly readAt: number }[];
  /** In place of the two lists in rooms of more than 100 participants, where the lists are empty. */
  readonly deliveredCount?: number;
  readonly readCount?: number;
  readonly messageType: MessageType;
  /** The sender's own name for this message; lets a client match its optimistic copy. */
  readonly clientMessageId: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** It was erased: `content` and `clientMessageId` are empty. */
  readonly erased?: true;
}
