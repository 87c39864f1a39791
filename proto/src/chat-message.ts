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
  /** The room whose log it is in. */
  readonly roomId: string;
  /** User id of whoever sent it. */
  readonly senderId: string;
  /** The text; empty where there is none, as with a picture alone. */
  readonly content: string;
  /** Unix milliseconds; never falls from one message of a room to the next. */
  readonly timestamp: number;
  /** Month of `timestamp` in UTC, `YYYY-MM`. */
  readonly monthYear: string;
  /** The least that all other participants have reached. */
  readonly status: MessageStatus;
  /** User ids of the participants who have it. */
  readonly deliveredTo: readonly string[];
  /** The participants who have read it. */
  readonly readBy: readonly {
    /** Who. */
    readonly userId: string;
    /** When, Unix milliseconds. */
    readonly readAt: number;
  }[];
  /** In place of the two lists in rooms of more than 100 participants, where the lists are empty. */
  readonly deliveredCount?: number;
  /** See `deliveredCount`. */
  readonly readCount?: number;
  /** What kind of message it is. */
  readonly messageType: MessageType;
  /** The sender's own name for this message; lets a client match its optimistic copy. */
  readonly clientMessageId: string;
  /** As the sender gave it; `attachments` are checked, everything else is the application's. Absent when none was sent. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** It was erased: `content` and `clientMessageId` are empty. */
  readonly erased?: true;
}
