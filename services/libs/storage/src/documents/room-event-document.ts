import type { Long, ObjectId } from 'mongodb';
import { Schema } from 'mongoose';

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

/** The collection's schema for whoever reads it with Mongoose. */
export const roomEventSchema = new Schema(
  {
    roomId: { type: String, required: true },
    rev: { type: Schema.Types.BigInt, required: true },
    kind: { type: String, enum: ['joined', 'left', 'role', 'updated', 'erased'], required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
    userId: String,
    upTo: Schema.Types.BigInt,
    role: { type: String, enum: ['owner', 'admin', 'participant'] },
    metadata: { type: new Schema({ name: String, description: String, avatar: String }, { _id: false }) },
    joinRule: { type: String, enum: ['invite', 'open'] },
    historyVisibility: { type: String, enum: ['shared', 'joined'] },
  },
  { autoIndex: false, autoCreate: false, versionKey: false, strict: 'throw' },
);

/** The sequence itself: the index decides who wrote which number. */
export const roomEventIndexes = [{ key: { roomId: 1, rev: 1 }, name: 'room_rev', unique: true }] as const;
