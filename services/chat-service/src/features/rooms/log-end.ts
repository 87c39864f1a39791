import type { StoredRoom } from './stored-room.js';

/** Where a room's log ends. */
export interface LogEnd {
  /** The room with the chain of segments that leads to this end. */
  readonly room: StoredRoom;
  /** Id of the newest message, 0 in an empty room. */
  readonly head: number;
  /** Its time, Unix milliseconds; undefined in an empty room. */
  readonly timestamp: number | undefined;
}
