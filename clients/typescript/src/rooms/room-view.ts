import type { ChatMessage, ChatRoom } from '@parlance/proto';
import type { PendingMessage } from '../outbox/pending-message.js';

/** One room as this client knows it: an immutable snapshot, replaced on every change. */
export interface RoomView {
  /** What the server says of the room: its participants, name, rules, and the user's own role. */
  readonly room: ChatRoom;
  /**
   * Ascending and without gaps; the last one is the newest that is known with all before it. The beginning is let go when
   * there are too many (`messagesPerRoom`) and nobody pages back.
   */
  readonly messages: readonly ChatMessage[];
  /** Own messages that are not in `messages` yet, in the order of sending. */
  readonly pending: readonly PendingMessage[];
  /** Messages behind what was marked as read. */
  readonly unreadCount: number;
  /** Users who are typing now, oneself never. */
  readonly typing: readonly string[];
  /** `loadOlder` has more. */
  readonly hasOlder: boolean;
  /** How far each participant has got, as far as it was told: no entry means nothing is known. */
  readonly marks: ReadonlyMap<string, Mark>;
  /** The newest one, for a list of rooms; undefined where there is none. */
  readonly lastMessage: ChatMessage | undefined;
}

/** How far one participant has got: everything up to these ids. */
export interface Mark {
  /** Has arrived. */
  readonly delivered: number;
  /** Was read. */
  readonly read: number;
  /** Unix milliseconds when `read` last rose, where it is known. */
  readonly readAt?: number;
}
