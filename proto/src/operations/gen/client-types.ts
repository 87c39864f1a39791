// Made of the schemas of src/operations by `make generate`. Do not edit.

import type { ErrorOutcome } from '../../errors/chat-error.js';
import type { ErrorReason } from '../../errors/error-reason.js';

/** One message as clients see it. */
export interface ChatMessage {
  /** Position in the log of the room: 1, 2, 3, ... without gaps. */
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
  /**
   * As the sender gave it; `attachments` are checked, everything else is the application's. Absent when none was sent.
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** It was erased: `content` and `clientMessageId` are empty. */
  readonly erased?: true;
}

/** How far a message has got, derived from the participants' watermarks. */
export type MessageStatus = 'sent' | 'delivered' | 'read';

/**
 * Kind of a message. `image` and `file` carry `metadata.attachments`; `system` is said by the installation, not by a
 * user.
 */
export type MessageType = 'text' | 'image' | 'file' | 'system';

/** Kind of a message that users may send. */
export type SentMessageType = 'text' | 'image' | 'file';

/** What a newcomer sees: everything, or what follows the joining. */
export type HistoryVisibility = 'shared' | 'joined';

/** Who may join: those who are added, or anyone who knows the id. */
export type JoinRule = 'invite' | 'open';

/** What a participant may do; the table is in docs/protocol.md. */
export type Role = 'owner' | 'admin' | 'participant';

/** One room as one of its participants sees it. */
export interface ChatRoom {
  /** Its name for the server; never changes. */
  readonly roomId: string;
  /** Of two users, or a group. */
  readonly roomType: RoomType;
  /** All of them where one room is answered; in lists at most 20, the caller and the other one of a 1v1 always. */
  readonly participants: readonly string[];
  /** All of them counted, also where `participants` has only some. */
  readonly participantCount: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Unix milliseconds; the creation time while the room is empty. */
  readonly lastMessageAt: number;
  /** Empty for a `1v1`. */
  readonly metadata: RoomMetadata;
  /** Id of the newest message, 0 while there is none. */
  readonly head: number;
  /** Number of the newest room event, 0 where nothing happened. */
  readonly rev: number;
  /**
   * Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup.
   * What is known of a room under another epoch is of a log that is no more.
   */
  readonly epoch: number;
  /** Counts changes of membership. */
  readonly memberRev: number;
  /** Who may join. */
  readonly joinRule: JoinRule;
  /** What a newcomer sees. */
  readonly historyVisibility: HistoryVisibility;
  /** The caller's own. */
  readonly role: Role;
  /** The caller's own: everything up to this message has arrived. */
  readonly deliveredUpTo: number;
  /** The caller's own: everything up to this message was read. */
  readonly readUpTo: number;
  /** Messages behind `readUpTo`: `head - readUpTo`. */
  readonly unreadCount: number;
}

/** What a group shows of itself. */
export interface RoomMetadata {
  /** What people call it. */
  readonly name?: string;
  /** What it is about. */
  readonly description?: string;
  /** Address of a picture. */
  readonly avatar?: string;
}

/** Where a room stands, and in which epoch of its log. */
export interface RoomPosition {
  /** Id of the newest message, 0 while there is none. */
  readonly head: number;
  /** Number of the newest room event, 0 where nothing happened. */
  readonly rev: number;
  /**
   * Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup.
   * What is known of a room under another epoch is of a log that is no more.
   */
  readonly epoch: number;
}

/** `1v1` rooms are found by their pair of users and cannot be left. */
export type RoomType = '1v1' | 'group';

/** A room as all its participants see it: nothing in it is the receiver's own. */
export interface RoomUpdate {
  /** Its name for the server; never changes. */
  readonly roomId: string;
  /** Of two users, or a group. */
  readonly roomType: RoomType;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Unix milliseconds; the creation time while the room is empty. */
  readonly lastMessageAt: number;
  /** Empty for a `1v1`. */
  readonly metadata: RoomMetadata;
  /** Id of the newest message, 0 while there is none. */
  readonly head: number;
  /** Number of the newest room event, 0 where nothing happened. */
  readonly rev: number;
  /**
   * Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup.
   * What is known of a room under another epoch is of a log that is no more.
   */
  readonly epoch: number;
  /** Counts changes of membership. */
  readonly memberRev: number;
  /** Who may join. */
  readonly joinRule: JoinRule;
  /** What a newcomer sees. */
  readonly historyVisibility: HistoryVisibility;
}

/** It did not happen (`rejected`), or may have happened (`unknown`). */
export interface AckFailure {
  readonly success: false;
  readonly error: {
    readonly code: ErrorReason;
    /** For people; decide by the code. */
    readonly message: string;
    /** The same request may succeed later. */
    readonly retryable: boolean;
    /** rejected: nothing happened; unknown: it may have been stored. */
    readonly outcome: ErrorOutcome;
    /** How long to wait before a retry makes sense. */
    readonly retryAfterMs?: number;
  };
  /** ISO 8601. */
  readonly timestamp: string;
}

/** A change of a room that is not a message. They are counted by `rev`: 1, 2, 3, ... without gaps in each room. */
export type RoomEvent = {
  readonly kind: 'joined' | 'role';
  readonly rev: number;
  /** Who did it. */
  readonly by: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly userId: string;
  readonly role: Role;
} | {
  readonly kind: 'left';
  readonly rev: number;
  /** Who did it. */
  readonly by: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly userId: string;
} | {
  readonly kind: 'erased';
  readonly rev: number;
  /** Who did it. */
  readonly by: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly userId: string;
  /** Position in the log of the room: 1, 2, 3, ... without gaps. */
  readonly upToId: number;
} | {
  readonly kind: 'updated';
  readonly rev: number;
  /** Who did it. */
  readonly by: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly metadata: RoomMetadata;
  readonly joinRule: JoinRule;
  readonly historyVisibility: HistoryVisibility;
};

/** What a client missed in one room: complete up to `hasMore`, or truncated, or begun anew, or not readable now. */
export type ResumedRoom = {
  readonly messages: readonly ChatMessage[];
  readonly events: readonly RoomEvent[];
  /** Id of the newest message, 0 while there is none. */
  readonly head: number;
  /** Number of the newest room event, 0 where nothing happened. */
  readonly rev: number;
  /**
   * Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup.
   * What is known of a room under another epoch is of a log that is no more.
   */
  readonly epoch: number;
  /** Everything up to this message has arrived. */
  readonly deliveredUpTo: number;
  /** Everything up to this message was read. */
  readonly readUpTo: number;
  /** More follows: resume again from the last message and event here, or from the same place when there is none. */
  readonly hasMore: boolean;
} | {
  readonly truncated: true;
  readonly firstAvailableId: number;
  /** Id of the newest message, 0 while there is none. */
  readonly head: number;
  /** Number of the newest room event, 0 where nothing happened. */
  readonly rev: number;
  /**
   * Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup.
   * What is known of a room under another epoch is of a log that is no more.
   */
  readonly epoch: number;
} | {
  readonly wentBack: true;
  /** Id of the newest message, 0 while there is none. */
  readonly head: number;
  /** Number of the newest room event, 0 where nothing happened. */
  readonly rev: number;
  /**
   * Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup.
   * What is known of a room under another epoch is of a log that is no more.
   */
  readonly epoch: number;
} | {
  readonly error: {
    readonly code: ErrorReason;
    /** For people; decide by the code. */
    readonly message: string;
    /** The same request may succeed later. */
    readonly retryable: boolean;
    /** rejected: nothing happened; unknown: it may have been stored. */
    readonly outcome: ErrorOutcome;
    /** How long to wait before a retry makes sense. */
    readonly retryAfterMs?: number;
  };
};

/** How far a participant has got: everything up to `messageId` has this status for them. */
export interface ParticipantReceipt {
  readonly userId: string;
  readonly status: 'delivered' | 'read';
  /** Position in the log of the room: 1, 2, 3, ... without gaps. */
  readonly messageId: number;
}

/** "Everything up to and including this message." */
export interface Receipt {
  readonly roomId: string;
  /** Position in the log of the room: 1, 2, 3, ... without gaps. */
  readonly messageId: number;
}

/** The last runs of a job that runs by a timer. */
export interface JobRun {
  /** Command of the job: `seal-month`. */
  readonly job: string;
  /** `found`: something is wrong and was left; `lost`: begun two days ago and not ended. */
  readonly state: 'never' | 'running' | 'done' | 'found' | 'refused' | 'failed' | 'lost';
  /** Unix milliseconds. */
  readonly begunAt?: number;
  /** The last end, of a run before when this one is running. */
  readonly endedAt?: number;
  /** When it last did all that it had to, Unix milliseconds. */
  readonly succeededAt?: number;
  /** What the last run that ended found wrong and left. */
  readonly findings: readonly {
    /** A word of the job: `placement`. */
    readonly kind: string;
    /** How many there are. */
    readonly count: number;
  }[];
  /** The last that it told, or why it failed. */
  readonly note: string;
}

/** A month of messages, as the jobs know it. */
export interface Month {
  /** `YYYY-MM`, in UTC. */
  readonly monthYear: string;
  /** Which storage it is on. */
  readonly tier: 'hot' | 'warm' | 'cold' | 'archive';
  /** Open ones take messages, archived ones are read from the archive. */
  readonly state: 'OPEN' | 'SEALED' | 'ARCHIVED';
  /** Counted when it was sealed; of an open one all records, about. */
  readonly messages: number;
  /** On the disks of MongoDB, one copy, with indexes; 0 when it lies in the archive alone. */
  readonly bytes: number;
  /** Unix milliseconds. */
  readonly sealedAt?: number;
  /** When it was last found right, Unix milliseconds. */
  readonly verifiedAt?: number;
  /** Its copy in the archive. */
  readonly archive?: {
    /** Of all its objects. */
    readonly bytes: number;
    /** From when on it is read, Unix milliseconds. */
    readonly flippedAt?: number;
    /** When the collection in MongoDB was dropped, Unix milliseconds. */
    readonly droppedAt?: number;
  };
  /** What a job has begun and not ended. */
  readonly work?: {
    /** Command of the job: `seal-month`. */
    readonly job: string;
    /** The last step that was begun. */
    readonly step: string;
    /** Unix milliseconds. */
    readonly startedAt: number;
  };
  /** Absent when nothing is left to do. */
  readonly next?: {
    /** Command of the job: `seal-month`. */
    readonly job: string;
    /** What is done: `move to warm`. */
    readonly what: string;
    /** Why, for people. */
    readonly reason: string;
    /** Unix milliseconds; absent when it is due. */
    readonly notBefore?: number;
  };
}

/** What is known of all months and of the jobs on them. */
export interface MonthInventory {
  /** The newest first. */
  readonly months: readonly Month[];
  /** Each that runs by a timer, also where it never did. */
  readonly jobs: readonly JobRun[];
}

/** A participant of a room, with the marks of how far they have got. */
export interface Participant {
  /** Who. */
  readonly userId: string;
  /** What they may do in the room. */
  readonly role: Role;
  /** When their present stay began, Unix milliseconds. */
  readonly joinedAt: number;
  /** Everything up to this message has arrived. */
  readonly deliveredUpTo: number;
  /** Everything up to this message was read. */
  readonly readUpTo: number;
}

/** How far a participant has got: everything up to `messageId` has this status for them. */
export interface MessageStatusUpdate {
  readonly roomId: string;
  /** Position in the log of the room: 1, 2, 3, ... without gaps. */
  readonly messageId: number;
  readonly status: 'delivered' | 'read';
  readonly userId: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
  /** Unix milliseconds; with `read` only. */
  readonly readAt?: number;
  /** Further marks of the room that rose with it; `timestamp` is theirs too, and `readAt` of those that are read. */
  readonly others?: readonly ParticipantReceipt[];
}

/** First event of every connection: from here on live events follow the heads it names. */
export interface Ready {
  readonly userId: string;
  /** Unix milliseconds. */
  readonly serverTime: number;
  readonly protocolVersion: number;
  /** The 200 most recent rooms; `listRooms` has the others. */
  readonly rooms: readonly ReadyRoom[];
  readonly limits: {
    readonly contentBytes: number;
    readonly metadataBytes: number;
    readonly eventBytes: number;
    readonly pageItems: number;
  };
}

/** Where a room stands, as `ready` tells it. */
export interface ReadyRoom {
  readonly roomId: string;
  /** Id of the newest message, 0 while there is none. */
  readonly head: number;
  /** Number of the newest room event, 0 where nothing happened. */
  readonly rev: number;
  /**
   * Of the room's log, Unix milliseconds: when the room was created or the log began anew behind a restored backup.
   * What is known of a room under another epoch is of a log that is no more.
   */
  readonly epoch: number;
  /** Everything up to this message has arrived. */
  readonly deliveredUpTo: number;
  /** Everything up to this message was read. */
  readonly readUpTo: number;
}

/** People became participants, all of them by one change. */
export interface RoomJoined {
  readonly roomId: string;
  /** At least one; when `userCount` is more, not all of them. */
  readonly userIds: readonly string[];
  /** How many came in. */
  readonly userCount: number;
  /** The room event of the last of them; those of the others lie directly below it. 0 when the room was created. */
  readonly rev: number;
  /** Unix milliseconds. */
  readonly timestamp: number;
}

/** Somebody is a participant no longer. */
export interface RoomLeft {
  readonly roomId: string;
  readonly userId: string;
  readonly rev: number;
  /** Unix milliseconds. */
  readonly timestamp: number;
}

/** Somebody has begun or stopped typing. Forget it 12 s after the last one. */
export interface Typing {
  /** Where. */
  readonly roomId: string;
  /** Who. */
  readonly userId: string;
  /** False: no longer. */
  readonly isTyping: boolean;
}

/** A room to create. What a `1v1` has is fixed: only a `group` has `metadata` and rules. */
export interface NewRoom {
  /** Of two users, or a group. */
  readonly roomType: RoomType;
  /** User ids; whoever creates the room is in it, named or not. */
  readonly participants: readonly string[];
  /** Its name, what it is about, and a picture. */
  readonly metadata?: RoomMetadata;
  /** Default `invite`. */
  readonly joinRule?: JoinRule;
  /** Default `shared`. */
  readonly historyVisibility?: HistoryVisibility;
}

/** What is to be changed of a group; what is absent stays. */
export interface RoomEdit {
  /** The group. */
  readonly roomId: string;
  /** Replaced as a whole: a field that it leaves out becomes empty. */
  readonly metadata?: RoomMetadata;
  /** Who may join from now on. */
  readonly joinRule?: JoinRule;
  /** What those see who join from now on. */
  readonly historyVisibility?: HistoryVisibility;
}

/** Payload and ack data of every client event. */
export interface ClientRequests {
  /** Creates a room. */
  readonly createRoom: {
    readonly payload: NewRoom;
    readonly data: ChatRoom;
  };
  /** Lists rooms by last activity. */
  readonly listRooms: {
    readonly payload: {
      readonly cursor?: string;
      readonly limit?: number;
    };
    readonly data: readonly ChatRoom[];
  };
  /** Changes a room. */
  readonly updateRoom: {
    readonly payload: RoomEdit;
    readonly data: ChatRoom;
  };
  /** Becomes a participant of an open room. */
  readonly joinRoom: {
    readonly payload: {
      readonly roomId: string;
    };
    readonly data: ChatRoom;
  };
  /** Gives up participation. */
  readonly leaveRoom: {
    readonly payload: {
      readonly roomId: string;
    };
    readonly data: {
      readonly roomId: string;
    };
  };
  /** Has begun or stopped typing. */
  readonly typing: {
    readonly payload: {
      readonly roomId: string;
      readonly isTyping: boolean;
    };
    readonly data: Readonly<Record<string, never>>;
  };
  /** Lists who is in a room, with roles and marks. */
  readonly listParticipants: {
    readonly payload: {
      readonly roomId: string;
      readonly cursor?: string;
      readonly limit?: number;
    };
    readonly data: readonly Participant[];
  };
  /** Lets others in. */
  readonly addParticipants: {
    readonly payload: {
      readonly roomId: string;
      readonly userIds: readonly string[];
    };
    readonly data: ChatRoom;
  };
  /** Removes somebody. */
  readonly removeParticipant: {
    readonly payload: {
      readonly roomId: string;
      readonly userId: string;
    };
    readonly data: ChatRoom;
  };
  /** Makes somebody an admin or a participant. */
  readonly setRole: {
    readonly payload: {
      readonly roomId: string;
      readonly userId: string;
      readonly role: 'admin' | 'participant';
    };
    readonly data: ChatRoom;
  };
  /** Sends a message. */
  readonly sendMessage: {
    readonly payload: {
      readonly roomId: string;
      readonly content: string;
      readonly messageType?: SentMessageType;
      readonly clientMessageId?: string;
      readonly metadata?: Readonly<Record<string, unknown>>;
    };
    readonly data: ChatMessage & {
      /** An earlier attempt with the same `clientMessageId` had stored it. */
      readonly deduplicated: boolean;
      /** Of the log in which the message stands, see `ChatRoom`. */
      readonly epoch: number;
    };
  };
  /** Reads a page of messages, ascending. */
  readonly getHistory: {
    readonly payload: {
      readonly roomId: string;
      readonly limit?: number;
      readonly beforeId?: number;
      readonly afterId?: number;
      readonly fromDate?: number | string;
    };
    readonly data: readonly ChatMessage[];
  };
  /** What was missed in each room. */
  readonly resume: {
    readonly payload: {
      readonly rooms: Readonly<Record<string, number | {
        readonly id: number;
        readonly rev: number;
        readonly epoch?: number;
      }>>;
    };
    readonly data: {
      readonly rooms: Readonly<Record<string, ResumedRoom>>;
    };
  };
  /** Everything up to a message has arrived. */
  readonly messageDelivered: {
    readonly payload: Receipt;
    readonly data: Receipt;
  };
  /** Everything up to a message is read. */
  readonly messageRead: {
    readonly payload: Receipt;
    readonly data: Receipt;
  };
  /** Exchanges the token of the connection. */
  readonly refreshToken: {
    readonly payload: {
      readonly token: string;
    };
    readonly data: {
      readonly expiresAt: string;
    };
  };
}

/** What every server event tells. */
export interface ServerPayloads {
  /** First event of every connection. */
  readonly ready: Ready;
  /** A message of one of your rooms. */
  readonly newMessage: ChatMessage;
  /** How far somebody has got. */
  readonly messageStatusUpdate: MessageStatusUpdate;
  /** Somebody is typing or has stopped. */
  readonly typing: Typing;
  /** A room has changed. */
  readonly roomUpdated: RoomUpdate;
  /** This server is stopping; the connection ends after this time. */
  readonly reconnectIn: {
    readonly delayMs: number;
  };
  /** People joined. */
  readonly roomJoined: RoomJoined;
  /** Somebody left. */
  readonly roomLeft: RoomLeft;
  /** Where rooms stand: pull what you lack. */
  readonly heads: Readonly<Record<string, RoomPosition>>;
  /** An event without an ack was refused, or the connection is about to end. */
  readonly exception: AckFailure;
}
