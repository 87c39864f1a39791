import type { Ack, AckFailure } from './ack.js';
import type { ChatMessage, SentMessageType } from './chat-message.js';
import type { ChatRoom, HistoryVisibility, JoinRule, Role, RoomMetadata, RoomType } from './chat-room.js';
import type { RoomEvent } from './room-event.js';

/** Version of the socket protocol that this package describes. */
export const protocolVersion = 1;

/** Payload and ack data of every client event. The namespace is `/chat`; each event takes one object and an ack. */
export interface ClientRequests {
  sendMessage: {
    payload: {
      roomId: string;
      content: string;
      messageType?: SentMessageType;
      clientMessageId?: string;
      metadata?: Record<string, unknown>;
    };
    /** `epoch` is that of the log in which the message stands, see {@link ChatRoom}. */
    data: ChatMessage & { readonly deduplicated: boolean; readonly epoch: number };
  };
  getHistory: {
    payload: { roomId: string; limit?: number; beforeId?: number; afterId?: number; fromDate?: string | number };
    data: readonly ChatMessage[];
  };
  createRoom: { payload: NewRoom; data: ChatRoom };
  joinRoom: { payload: { roomId: string }; data: ChatRoom };
  leaveRoom: { payload: { roomId: string }; data: { readonly roomId: string } };
  listRooms: { payload: { cursor?: string; limit?: number }; data: readonly ChatRoom[] };
  messageDelivered: { payload: Receipt; data: Receipt };
  messageRead: { payload: Receipt; data: Receipt };
  typing: { payload: { roomId: string; isTyping: boolean }; data: Readonly<Record<string, never>> };
  updateRoom: { payload: RoomEdit; data: ChatRoom };
  addParticipants: { payload: { roomId: string; userIds: string[] }; data: ChatRoom };
  removeParticipant: { payload: { roomId: string; userId: string }; data: ChatRoom };
  setRole: { payload: { roomId: string; userId: string; role: Exclude<Role, 'owner'> }; data: ChatRoom };
  resume: {
    payload: { rooms: Record<string, number | { id: number; rev: number; epoch?: number }> };
    data: { readonly rooms: Readonly<Record<string, ResumedRoom>> };
  };
  refreshToken: { payload: { token: string }; data: { readonly expiresAt: string } };
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

/** "Everything up to and including this message." */
export interface Receipt {
  readonly roomId: string;
  readonly messageId: number;
}

/** What a client missed in one room: complete up to `hasMore`, or truncated, or begun anew, or not readable now. */
export type ResumedRoom =
  | {
      readonly messages: readonly ChatMessage[];
      readonly events: readonly RoomEvent[];
      readonly head: number;
      readonly rev: number;
      readonly epoch: number;
      readonly deliveredUpTo: number;
      readonly readUpTo: number;
      /** More follows: resume again from the last message and event here, or from the same place when there is none. */
      readonly hasMore: boolean;
    }
  | ({ readonly truncated: true; readonly firstAvailableId: number } & RoomPosition)
  /** The cursor is of a log that is no more, as after a restored backup: what was had of the room is to be loaded anew. */
  | ({ readonly wentBack: true } & RoomPosition)
  | { readonly error: AckFailure['error'] };

/** Where a room stands, and in which epoch of its log. */
export interface RoomPosition {
  readonly head: number;
  readonly rev: number;
  readonly epoch: number;
}

/** Name of a client event. */
export type ClientEventName = keyof ClientRequests;

/** Client events as Socket.IO types them. */
export type ClientEvents = {
  [Name in ClientEventName]: (
    payload: ClientRequests[Name]['payload'],
    ack: (answer: Ack<ClientRequests[Name]['data']>) => void,
  ) => void;
};

/** Where a room stands, as `ready` tells it. */
export interface ReadyRoom extends RoomPosition {
  readonly roomId: string;
  readonly readUpTo: number;
  readonly deliveredUpTo: number;
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

/** People became participants, all of them by one change. */
export interface RoomJoined {
  readonly roomId: string;
  /** At least one; when {@link userCount} is more, not all of them. */
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

/** How far a participant has got: everything up to `messageId` has this status for them. */
export interface MessageStatusUpdate {
  readonly roomId: string;
  readonly messageId: number;
  readonly status: 'delivered' | 'read';
  readonly userId: string;
  /** Unix milliseconds. */
  readonly timestamp: number;
  /** Unix milliseconds; with `read` only. */
  readonly readAt?: number;
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

/** A room as all its participants see it: nothing in it is the receiver's own. */
export type RoomUpdate = Omit<
  ChatRoom,
  'role' | 'deliveredUpTo' | 'readUpTo' | 'unreadCount' | 'participants' | 'participantCount'
>;

/** Server events as Socket.IO types them. */
export interface ServerEvents {
  ready: (payload: Ready) => void;
  newMessage: (message: ChatMessage) => void;
  messageStatusUpdate: (update: MessageStatusUpdate) => void;
  typing: (typing: Typing) => void;
  roomUpdated: (room: RoomUpdate) => void;
  /** This server is stopping: come back after this time, to another one. */
  reconnectIn: (notice: { readonly delayMs: number }) => void;
  roomJoined: (change: RoomJoined) => void;
  roomLeft: (change: RoomLeft) => void;
  heads: (heads: Readonly<Record<string, RoomPosition>>) => void;
  /** The answer to an event that came without an ack function; or why the connection is about to end. */
  exception: (failure: AckFailure) => void;
}

/** Name of a server event. */
export type ServerEventName = keyof ServerEvents;
