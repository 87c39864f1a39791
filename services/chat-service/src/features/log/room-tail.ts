import { retryWindowMs } from '@parlance/storage';
import type { Segment } from '../rooms/segment.js';

/**
 * The end of a room's log as a majority has it. The next message takes `head + 1` in `segment` (R2: the log is the
 * counter).
 */
export interface RoomTail {
  readonly segment: Segment;
  /** The sealed segment before, if there is one. */
  readonly previous: Segment | undefined;
  /** Segments in the chain. */
  readonly length: number;
  /** Id of the newest message, 0 in an empty room. */
  readonly head: number;
  /**
   * Its time, or the start of the segment's month; Unix milliseconds. The next message is not older (R6: a month ends
   * with its seal).
   */
  readonly timestamp: number;
}

/**
 * Whether a retry that arrives now may have its message in the previous segment (R5: a client id makes a retry safe).
 */
export function mayLieInPrevious(tail: RoomTail, now: number): boolean {
  return tail.previous !== undefined && now < tail.segment.openedAt + retryWindowMs;
}
