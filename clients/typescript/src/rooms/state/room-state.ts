import type { ChatMessage, ChatRoom, RoomPosition } from '@parlance/proto';
import type { Mark } from '../room-view.js';

/** All that is known of one room, without what waits to be sent. Only {@link reduceRoom} makes the next one. */
export interface RoomState {
  /** The user whose client this is. */
  readonly me: string;
  /** `head` is the highest that was ever told, `rev` the last room event that is applied with all before it. */
  readonly room: ChatRoom;
  /** Highest room event that was ever told. */
  readonly knownRev: number;
  /** Highest epoch that was ever told. Above `room.epoch`, all that is here is of a log that is no more. */
  readonly knownEpoch: number;
  /** Ascending, without gaps; the last id is `cursor`. */
  readonly messages: readonly ChatMessage[];
  /** Everything up to this id is there or older than what is shown. */
  readonly cursor: number;
  /** Messages beyond a gap, by id. */
  readonly held: ReadonlyMap<number, ChatMessage>;
  readonly hasOlder: boolean;
  /** Somebody pages back: the window keeps its beginning however long it grows. */
  readonly isPagedBack: boolean;
  /** Messages up to this id were there before the room was loaded. */
  readonly oldUpTo: number;
  readonly marks: ReadonlyMap<string, Mark>;
  /** Users who are typing, with the time at which that is forgotten. */
  readonly typing: ReadonlyMap<string, number>;
}

/** A room that was just loaded and shows nothing yet: what follows `cursor` has to be fetched. */
export function newRoomState(me: string, room: ChatRoom, cursor: number, oldUpTo: number): RoomState {
  return {
    me,
    room,
    knownRev: room.rev,
    knownEpoch: room.epoch,
    messages: [],
    cursor,
    held: new Map(),
    hasOlder: cursor > 0,
    isPagedBack: false,
    oldUpTo,
    marks: new Map([[me, { delivered: room.deliveredUpTo, read: room.readUpTo }]]),
    typing: new Map(),
  };
}

/** The room has messages or events that this client has not, or is another one altogether. */
export function lacksSomething(state: RoomState): boolean {
  const { room, cursor, knownRev } = state;
  return room.head > cursor || knownRev > room.rev || isOutdated(state);
}

/** The room's log has begun a new epoch, and has to be loaded anew. */
export function isOutdated({ room, knownEpoch }: RoomState): boolean {
  return knownEpoch > room.epoch;
}

/** The server says less than was shown here already: its log may have gone back. */
export function isBelow({ head, rev, epoch }: RoomPosition, { cursor, room }: RoomState): boolean {
  return head < cursor || rev < room.rev || epoch < room.epoch;
}
