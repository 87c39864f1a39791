import { type MonthYear, retryWindowMs } from '@parlance/storage';

/** The end of a room's log as a majority has it. The next message takes `head + 1` in `segment` (R2). */
export interface RoomTail {
  readonly segment: Segment;
  /** The sealed segment before, if there is one. */
  readonly previous: Segment | undefined;
  /** Segments in the chain. */
  readonly length: number;
  /** Id of the newest message, 0 in an empty room. */
  readonly head: number;
  /** Its time, or the start of the segment's month; Unix milliseconds. The next message is not older (R6). */
  readonly timestamp: number;
}

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

/** Whether a retry that arrives now may have its message in the previous segment (R5). */
export function mayLieInPrevious(tail: RoomTail, now: number): boolean {
  return tail.previous !== undefined && now < tail.segment.openedAt + retryWindowMs;
}
