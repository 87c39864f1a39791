import type { Long } from 'mongodb';
import type { MonthYear } from './month.js';
import type { UnloggedEvent } from './room-event-document.js';
import type { EmptyingDocument, ErasureDocument, RetentionCutDocument, RoomPolicyDocument } from './room-policy.js';

/** A room as it lies in `rooms`. */
export interface RoomDocument {
  /** The room id. */
  readonly _id: string;
  readonly roomId: string;
  readonly roomType: '1v1' | 'group';
  /**
   * Who is in the room; the rows of `participants` hold what is particular to each. In a 1v1 its two users, sorted; in a
   * group in the order of joining. This and the next two are absent in a group that has not changed since an earlier build
   * wrote it: then the rows say it (`rosterOfRows`).
   */
  readonly participants?: readonly string[];
  /** The owner of a group: one of `participants`, null when there are none. */
  readonly ownerId?: string | null;
  /** Those of `participants` who are admins. */
  readonly admins?: readonly string[];
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly metadata: { readonly name?: string; readonly description?: string; readonly avatar?: string };
  readonly joinRule: 'invite' | 'open';
  readonly historyVisibility: 'shared' | 'joined';
  /**
   * When the room's log was last begun anew behind a restored backup, Unix milliseconds (`raiseLogEpoch`); absent where it
   * never was: then it is `createdAt`, so that a 1v1 that is created again under its old id is another one too.
   */
  readonly logEpoch?: Long;
  /**
   * Counts the changes of the room, of any kind. Each of them is one write that compares and raises it (R13: only
   * participants, two seconds late at most).
   */
  readonly memberRev: Long;
  /** Newest room event; raised by the change that it tells of. */
  readonly rev: Long;
  /** Events up to `rev` that do not lie in `room_events` yet, ascending; absent or empty but for moments. */
  readonly unlogged?: readonly UnloggedEvent[];
  /** Ids of the requests that it was changed by, the newest 64; absent until then. */
  readonly requests?: readonly string[];
  /** What holds beside the settings; absent: the global policy. */
  readonly policy?: RoomPolicyDocument;
  /** Hidden by age, oldest first; absent or empty where nothing is. */
  readonly cuts?: readonly RetentionCutDocument[];
  /** Everything below was erased by age. */
  readonly erasedBelow?: Long;
  /** A job is emptying messages of the room: a hold that is set meanwhile is answered when it no longer can. */
  readonly emptying?: EmptyingDocument;
  /** Whose messages are erased; readers overlay them. */
  readonly erasures?: readonly ErasureDocument[];
  /** The chain of months that hold the room's log, oldest first, never empty (R6: a month ends with its seal). */
  readonly segments: readonly SegmentDocument[];
}

/** A room's messages of one month. */
export interface SegmentDocument {
  readonly monthYear: MonthYear;
  /** Id of its first message; one more than the last of the segment before. */
  readonly firstId: Long;
  /** When it was added to the chain, by MongoDB's clock; R5 looks into its predecessor for eight days from here. */
  readonly openedAt: Date;
  /**
   * Where the log ends, noted by a reader that met the seal of this last segment in a month long over: from then on nobody has
   * to ask the month, which may be in the archive. Nothing decides by it being absent.
   */
  readonly end?: SegmentEndDocument;
}

/** The newest message below a segment's seal. */
export interface SegmentEndDocument {
  /** Its id; 0 in a room without messages. */
  readonly head: Long;
  /** Its time; absent in a room without messages. */
  readonly timestamp?: Date;
}

/** Beside `_id`: what a sharded collection enforces across shards, since `_id` is unique per shard only. */
export const roomIndexes = [{ key: { roomId: 1 }, name: 'room', unique: true }] as const;
