import type { InsertOutcome } from '@parlance/storage';
import type { NewSlot, StoredSlot } from '../slots/message-store.js';
import type { PendingSend } from './pending-send.js';
import type { RoomLog } from './room-log.js';
import type { RoomTail, Segment } from './room-tail.js';

/** What a room's log needs from outside. */
export interface RoomLogPorts {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves when the next try after `retries` failures in a row is due. */
  backoff(retries: number): Promise<void>;
  /** Calls back at a time in Unix milliseconds, or earlier. */
  alarm(at: number, ring: () => void): void;
  /** Puts the room among those that the next insert commands are made of. */
  offer(room: RoomLog): void;
  /** Reads the end of the log at majority, completing a month's change that another pod began (R6). */
  readTail(roomId: string): Promise<RoomTail>;
  /** Seals the tail's segment and opens the current month's; whether it won or lost, the tail must be read again. */
  closeMonth(roomId: string, tail: RoomTail): Promise<void>;
  /** The messages that stand in a segment under the client ids of `sends`. */
  findStored(roomId: string, segment: Segment, sends: readonly PendingSend[], sealed: boolean): Promise<StoredSlot[]>;
  /** Announces messages that this pod has just committed, ascending; called before they are acknowledged (R9). */
  committed(roomId: string, messages: readonly Committed[]): void;
}

/** A message that this pod has committed. */
export interface Committed {
  readonly send: PendingSend;
  readonly slot: StoredSlot;
}

/** Slots of one room for an insert command, and who wants to know what became of them. */
export interface RoomBatch {
  readonly slots: readonly NewSlot[];
  settle(outcomes: readonly InsertOutcome[]): void;
}
