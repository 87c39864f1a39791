import { Schema } from 'mongoose';

/** Tokens of a user that are refused, as it lies in `revocations`. */
export interface RevocationDocument {
  /** The user id. */
  readonly _id: string;
  readonly userId: string;
  /** Tokens issued before this time are refused. */
  readonly revokedBefore: Date;
}

/** The collection's schema for whoever reads it with Mongoose. */
export const revocationSchema = new Schema(
  {
    _id: { type: String, required: true },
    userId: { type: String, required: true },
    revokedBefore: { type: Date, required: true },
  },
  { autoIndex: false, autoCreate: false, versionKey: false, strict: 'throw' },
);

/** How long a revocation is kept: no token may live longer than this. */
export const revocationTtlSeconds = 90 * 24 * 60 * 60;

/** One entry a user; gone when no token it could concern is valid any more. */
export const revocationIndexes = [
  { key: { userId: 1 }, name: 'user', unique: true },
  { key: { revokedBefore: 1 }, name: 'expiry', expireAfterSeconds: revocationTtlSeconds },
] as const;
