import type { Long, ObjectId } from 'mongodb';
import { Schema } from 'mongoose';

/** A user's place in a room, as it lies in `participants`. Leaving is soft: the row stays (R13). */
export interface ParticipantDocument {
  readonly _id: ObjectId;
  readonly roomId: string;
  readonly userId: string;
  readonly role: 'owner' | 'admin' | 'participant';
  readonly joinedAt: Date;
  /** Null while the user is in the room. */
  readonly leftAt: Date | null;
  /** First message the user may see: 1, or head+1 at the latest join when the room hides history. */
  readonly firstVisibleId: Long;
  /** Watermarks: everything up to here has reached the user, or was read (R12). */
  readonly deliveredUpTo: Long;
  readonly readUpTo: Long;
  /** When `readUpTo` last rose; absent while it never has. */
  readonly readAt?: Date;
}

/** The collection's schema for whoever reads it with Mongoose. */
export const participantSchema = new Schema(
  {
    roomId: { type: String, required: true },
    userId: { type: String, required: true },
    role: { type: String, enum: ['owner', 'admin', 'participant'], required: true },
    joinedAt: { type: Date, required: true },
    leftAt: { type: Date, default: null },
    firstVisibleId: { type: Schema.Types.BigInt, required: true },
    deliveredUpTo: { type: Schema.Types.BigInt, required: true },
    readUpTo: { type: Schema.Types.BigInt, required: true },
    readAt: Date,
  },
  { autoIndex: false, autoCreate: false, versionKey: false, strict: 'throw' },
);

/** One row a room and user, and the rooms of a user. */
export const participantIndexes = [
  { key: { roomId: 1, userId: 1 }, name: 'room_user', unique: true },
  { key: { userId: 1 }, name: 'user' },
] as const;
