import type { Long, ObjectId } from 'mongodb';

/** A change of a room that is not a message, as it lies in `room_events`: the room's second gapless sequence. */
export interface RoomEventDocument {
  readonly _id: ObjectId;
  readonly roomId: string;
  /** BSON long: 1, 2, 3, ... in each room. */
  readonly rev: Long;
  readonly kind: 'joined' | 'left' | 'role' | 'updated' | 'erased';
  /** Who did it. */
  readonly by: string;
  readonly at: Date;
  /** Whom it concerns, for `erased` whose messages; absent for `updated`. */
  readonly userId?: string;
  /** Newest of the messages, for `erased`. */
  readonly upTo?: Long;
  /** The new role, for `joined` and `role`. */
  readonly role?: 'owner' | 'admin' | 'participant';
  /** What the room shows of itself afterwards, for `updated`. */
  readonly metadata?: { readonly name?: string; readonly description?: string; readonly avatar?: string };
  readonly joinRule?: 'invite' | 'open';
  readonly historyVisibility?: 'shared' | 'joined';
}

/** A room event before it has its number. */
export type UnnumberedEvent = Omit<RoomEventDocument, '_id' | 'roomId' | 'rev'>;

/** A room event with its number that stands in the room's document until it lies in `room_events`. */
export type UnloggedEvent = UnnumberedEvent & Pick<RoomEventDocument, 'rev'>;

/** The sequence itself: the index decides who wrote which number. */
export const roomEventIndexes = [{ key: { roomId: 1, rev: 1 }, name: 'room_rev', unique: true }] as const;
