import type { MonthYear } from '@parlance/storage';

/** A room's messages of one month: ids from `firstId` to the next segment's `firstId - 1`. */
export interface Segment {
  readonly monthYear: MonthYear;
  readonly firstId: number;
  /** When it joined the chain, Unix milliseconds. */
  readonly openedAt: number;
  /** The room's head, where somebody has met this segment's seal and noted it (`SegmentDocument.end`). */
  readonly end?: SealedEnd;
}

/** The newest message below a seal. */
export interface SealedEnd {
  /** Its id, 0 in an empty room. */
  readonly head: number;
  /** Unix milliseconds; undefined in an empty room. */
  readonly timestamp: number | undefined;
}

/** A room as the chain of its segments, the newest last. */
export interface SegmentedRoom {
  readonly roomId: string;
  readonly segments: readonly Segment[];
}

/** The segment that messages are added to; a room is created with one. */
export function lastSegment({ roomId, segments }: SegmentedRoom): Segment {
  const last = segments.at(-1);
  if (!last) throw new Error(`room ${roomId} has no segment`);
  return last;
}

/** The segment that a message lies in, if it is not below the chain. */
export function segmentOf({ segments }: SegmentedRoom, messageId: number): Segment | undefined {
  return segments.findLast(({ firstId }) => firstId <= messageId);
}
