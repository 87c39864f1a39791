import type { Long, ObjectId } from 'mongodb';

/**
 * A user's place in a room, as it lies in `participants`. Leaving is soft: the row stays (R13: only participants, two
 * seconds late at most).
 */
export interface ParticipantDocument {
  readonly _id: ObjectId;
  readonly roomId: string;
  readonly userId: string;
  /** Only in rows of an earlier build, which kept roles here; the room's document says who is what. */
  readonly role?: 'owner' | 'admin' | 'participant';
  readonly joinedAt: Date;
  /**
   * Null while the user is in the room. It follows the room's document, which decides: a row is there before the document
   * names its user, and is ended after the document does so no longer.
   */
  readonly leftAt: Date | null;
  /** The room's `memberRev` before this stay; a row of a later stay is not ended by an earlier leaving. */
  readonly memberRev?: Long;
  /** First message the user may see: 1, or head+1 at the latest join when the room hides history. */
  readonly firstVisibleId: Long;
  /** First message after the latest join: receipts and unread count from here. Absent in older rows: `firstVisibleId`. */
  readonly countsFrom?: Long;
  /** Watermarks: everything up to here has reached the user, or was read (R12: marks only rise). */
  readonly deliveredUpTo: Long;
  readonly readUpTo: Long;
  /** When `readUpTo` last rose; absent while it never has. */
  readonly readAt?: Date;
}

/** One row a room and user, and the rooms of a user. */
export const participantIndexes = [
  { key: { roomId: 1, userId: 1 }, name: 'room_user', unique: true },
  { key: { userId: 1 }, name: 'user' },
] as const;
