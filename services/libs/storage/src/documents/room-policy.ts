import type { Long } from 'mongodb';

/** What holds for a room beside its settings; set by administrators of the installation, not of the room. */
export interface RoomPolicyDocument {
  /** Days that messages are kept at least; absent: as the global policy says. */
  readonly retentionDays?: number;
  /** Nothing is ever taken away by age. */
  readonly keepForever?: boolean;
  /** Nothing may be taken away at all, by age or by erasure. */
  readonly legalHold?: LegalHoldDocument;
}

/** Why nothing may be taken away. */
export interface LegalHoldDocument {
  /** What people call it: "Case 42". */
  readonly name: string;
  /** Who set it. */
  readonly by: string;
  readonly since: Date;
}

/** Messages that were hidden by age and can be shown again until they are erased. */
export interface RetentionCutDocument {
  /** First id that stays. */
  readonly below: Long;
  readonly hiddenAt: Date;
}

/** All messages of somebody up to an id are erased; readers know it from here until no document holds them any more. */
export interface ErasureDocument {
  readonly userId: string;
  readonly upTo: Long;
  readonly at: Date;
}

/** The right of one run of a job to empty messages of a room; see `beginEmptying`. */
export interface EmptyingDocument {
  /** Random id of the run. */
  readonly run: string;
  /** What it writes counts before this time of MongoDB's clock only. */
  readonly until: Date;
  /** Until when what runs before it have written counts. */
  readonly others: Date;
}

/** What a room's document says of messages that are not to be shown. */
export interface WithheldMessages {
  readonly cuts?: readonly RetentionCutDocument[];
  /** Everything below is erased by age. */
  readonly erasedBelow?: Long;
}

/** First id of a room that anybody may see; 1 where nothing was taken away by age. Pure. */
export function firstAvailableId({ cuts = [], erasedBelow }: WithheldMessages): number {
  return Math.max(1, Number(erasedBelow ?? 1), ...cuts.map(({ below }) => Number(below)));
}
