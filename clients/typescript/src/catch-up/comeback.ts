import type { Ready } from '@parlance/proto';
import { isBelow, lacksSomething, type RoomState } from '../rooms/state/room-state.js';
import { cursorWithReceipts } from './resume-request.js';

const refreshedRooms = 5;

/**
 * Which of the known rooms have to be resumed when a new connection stands. What `ready` tells decides: a room that stands
 * where it stood costs the server nothing. Pure; call it once what `ready` tells was applied.
 *
 * Pushes of receipts are not repeated (R12: marks only rise), so besides those that have moved the {@link
 * refreshedRooms} of latest activity are resumed in which the newest message is an own one that not everybody has read,
 * and those that somebody looks at; all others when they are opened.
 */
export function roomsToResume(states: Iterable<RoomState>, ready: Ready, how: ComebackFacts): readonly string[] {
  const told = new Map(ready.rooms.map((room) => [room.roomId, room]));
  const unread: RoomState[] = [];
  const moved: string[] = [];
  for (const state of states) {
    const { roomId } = state.room;
    const room = told.get(roomId);
    if (room ? lacksSomething(state) || isBelow(room, state) : how.isComplete) moved.push(roomId);
    else if (how.isOpen(roomId)) moved.push(roomId);
    else if (cursorWithReceipts(state, 1) < state.cursor) unread.push(state);
  }
  const latest = unread.toSorted((left, right) => right.room.lastMessageAt - left.room.lastMessageAt);
  return [...moved, ...latest.slice(0, refreshedRooms).map(({ room }) => room.roomId)];
}

/** What else counts. */
export interface ComebackFacts {
  /** `ready` names all rooms of the user: one that it does not name is the user's no longer. */
  readonly isComplete: boolean;
  /** Somebody looks at the room. */
  isOpen(roomId: string): boolean;
}
