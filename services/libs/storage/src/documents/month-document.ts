import type { Binary, Long, ObjectId } from 'mongodb';
import type { MonthYear } from './month.js';

/**
 * The registry entry of one month, as it lies in `months`: what readers and writers need (`state`), where its bytes lie
 * (`tier`, `archive`), and who works on it (`epoch`, `work`). A job changes it through `claimMonth`, `stepMonth` and
 * `releaseMonth` only.
 */
export interface MonthDocument {
  readonly _id: ObjectId;
  readonly monthYear: MonthYear;
  /** All that readers and writers have to know; see {@link MonthState}. */
  readonly state: MonthState;
  /** Which storage its bytes are on. Every month has exactly one; time only cools it. */
  readonly tier: Tier;
  /** The fence: raised by whoever claims the month. A change under an older epoch does nothing. */
  readonly epoch: number;
  /** The job that has claimed it and is not done; what is left of a dead one tells its successor where to go on. */
  readonly work?: MonthWork;
  /** What the last job did to it, oldest first; kept after its end for people. */
  readonly steps?: readonly MonthStep[];
  /** UUID of the collection that was created for it: no drop without it, so that nothing newer is dropped (361). */
  readonly collectionUUID?: Binary;
  /** When it was sealed, by MongoDB's clock; absent while it is open. */
  readonly sealedAt?: Date;
  /** What lay in it when it was sealed; absent while it is open. */
  readonly counts?: MonthCounts;
  /** What its records are, since it was sealed; whoever changes one of them takes it away or gives a new one. */
  readonly digest?: MonthDigest;
  /** When its place, counts and hashes were last found right. */
  readonly verifiedAt?: Date;
  /** Room events of its messages that were logged before this time are part of its documents; readers overlay later ones. */
  readonly foldedThrough?: Date;
  /** Its copy in the archive, from the moment that its manifest is complete; stays after a restore as what was. */
  readonly archive?: MonthArchive;
}

/**
 * `OPEN` takes messages. `SEALED` never does again (R7: a sealed month takes nothing more). `ARCHIVED` is read from the
 * archive, whether or not its collection still stands; a restore sets `SEALED`. A later release may know others: see
 * `placeOfMonth`.
 */
export type MonthState = 'OPEN' | 'SEALED' | 'ARCHIVED';

/** Storage of a month, from the fastest to the cheapest. */
export type Tier = 'hot' | 'warm' | 'cold' | 'archive';

/** Work on a month that has not ended. */
export interface MonthWork {
  /** The claim that may go on with it: a random id, so that a lost answer can be told from another's claim. */
  readonly run: string;
  /** Command that does it: `migrate-tiers`. */
  readonly job: string;
  /** The last step that was begun; steps are named by the job. */
  readonly step: string;
  readonly startedAt: Date;
  /** What a successor has to know to go on, by names of the job. */
  readonly memo: Readonly<Record<string, unknown>>;
}

/** One thing that was done to a month. */
export interface MonthStep {
  /** Its name in the job; a step that is repeated stands once. */
  readonly step: string;
  readonly what: string;
  readonly reason: string;
  /** When it was begun, by MongoDB's clock. */
  readonly at: Date;
}

/** Records of a sealed month. */
export interface MonthCounts {
  readonly messages: Long;
  /** Rooms with a segment in the month, each of them sealed. */
  readonly rooms: Long;
  readonly voids: Long;
}

/** What a month holds, in a few bytes: equal ones hold the same records. */
export interface MonthDigest {
  readonly rooms: number;
  /** Messages, seals and voids. */
  readonly records: number;
  /** SHA-256 over the rooms in order, each with the number and SHA-256 of its records in order; hexadecimal. */
  readonly root: string;
}

/** A month's copy in the archive. */
export interface MonthArchive {
  /** Object key of the manifest. */
  readonly manifest: string;
  /** Raised by whatever rewrites the copy. */
  readonly manifestVersion: number;
  /** Hash over all of it, hexadecimal. */
  readonly rootHash: string;
  readonly messages: Long;
  /** Bytes of all its objects. */
  readonly bytes: Long;
  /** When readers were sent to it: `state` became `ARCHIVED`. */
  readonly flippedAt?: Date;
  /** From when on the collection may be dropped: no reader can still be using it. */
  readonly deleteFrom?: Date;
  /** When the collection was dropped and a view put in its place. */
  readonly droppedAt?: Date;
}

/** One entry a month. */
export const monthIndexes = [{ key: { monthYear: 1 }, name: 'month', unique: true }] as const;
