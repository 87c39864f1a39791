/** Kind of a message. `image` and `file` carry `metadata.attachments`; `system` is said by the installation, not by a user. */
export type MessageType = (typeof messageTypes)[number];

/** Kind of a message that users may send. */
export type SentMessageType = (typeof sentMessageTypes)[number];

/** The kinds of message that users may send. */
export const sentMessageTypes = ['text', 'image', 'file'] as const;

/** All kinds of message. */
export const messageTypes = [...sentMessageTypes, 'system'] as const;

/** How far a message has got, derived from the participants' watermarks. */
export type MessageStatus = 'sent' | 'delivered' | 'read';

/** One message as clients see it. */
export interface ChatMessage {
  /** Position in the room's log: 1, 2, 3, ... without gaps. */
  readonly messageId: number;
  /** The room whose log it is in. */
  readonly roomId: string;
  /** User id of whoever sent it; of a `system` message `system`, or `system:` and a name. */
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
