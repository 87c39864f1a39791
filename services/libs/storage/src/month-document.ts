import type { Long, ObjectId } from 'mongodb';
import { Schema } from 'mongoose';
import type { MonthYear } from './month.js';

/** The registry entry of one month, as it lies in `months`. Every change compares and swaps `epoch`. */
export interface MonthDocument {
  readonly _id: ObjectId;
  readonly monthYear: MonthYear;
  /** `OPEN` takes messages, `SEALED` never again (R7). */
  readonly state: 'OPEN' | 'SEALED';
  readonly tier: 'hot' | 'warm' | 'cold' | 'archive';
  readonly epoch: number;
  /** When it was sealed, by MongoDB's clock; absent while it is open. */
  readonly sealedAt?: Date;
  /** What lay in it when it was sealed; absent while it is open. */
  readonly counts?: MonthCounts;
}

/** Records of a sealed month. */
export interface MonthCounts {
  readonly messages: Long;
  /** Rooms with a segment in the month, each of them sealed. */
  readonly rooms: Long;
  readonly voids: Long;
}

/** The collection's schema for whoever reads it with Mongoose. */
export const monthSchema = new Schema(
  {
    monthYear: { type: String, required: true },
    state: { type: String, enum: ['OPEN', 'SEALED'], required: true },
    tier: { type: String, enum: ['hot', 'warm', 'cold', 'archive'], required: true },
    epoch: { type: Number, required: true },
    sealedAt: Date,
    counts: {
      type: new Schema(
        { messages: Schema.Types.BigInt, rooms: Schema.Types.BigInt, voids: Schema.Types.BigInt },
        { _id: false },
      ),
      default: undefined,
    },
  },
  { autoIndex: false, autoCreate: false, versionKey: false, strict: 'throw' },
);

/** One entry a month. */
export const monthIndexes = [{ key: { monthYear: 1 }, name: 'month', unique: true }] as const;
