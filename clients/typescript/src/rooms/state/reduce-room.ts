import type { ChatRoom } from '@parlance/proto';
import type { RoomChange } from './room-change.js';
import { applyMembershipHint, applyRoomEvents, applyUpdateHint } from './room-events.js';
import { deriveReceipts, raiseMark } from './room-marks.js';
import { namesAll } from './room-members.js';
import { isOutdated, type RoomState } from './room-state.js';
import { prependOlder, restartAt, takeMessages } from './room-window.js';

/** What happens to a room whichever log it has. */
const ofNoLog: ReadonlySet<RoomChange['kind']> = new Set(['pagedBack', 'typing', 'timePassed']);

/**
 * The room after a change. Pure, and the same state again when nothing changed. Whatever is lost, doubled or out of order:
 * once what the room lacks was pulled, `messages` and the room itself are what the server's logs say. What is said of a log
 * of an earlier epoch changes nothing; once a later one is known, nothing does that is of a log.
 */
export function reduceRoom(state: RoomState, change: RoomChange): RoomState {
  const epoch = epochOf(change);
  if (epoch < state.room.epoch) return state;
  if (epoch > state.knownEpoch) return { ...state, knownEpoch: epoch };
  if (isOutdated(state) && !ofNoLog.has(change.kind)) return state;
  const next = step(state, change);
  return next === state ? state : deriveReceipts(state, next);
}

function step(state: RoomState, change: RoomChange): RoomState {
  switch (change.kind) {
    case 'messages':
      return takeMessages(state, change.messages);
    case 'older':
      return prependOlder(state, change.messages, change.hasMore);
    case 'pagedBack':
      return state.isPagedBack === change.isPagedBack ? state : { ...state, isPagedBack: change.isPagedBack };
    case 'truncated':
      return restartAt(state, change.firstAvailableId);
    case 'position':
      return moveTo(state, change.head, change.rev);
    case 'described':
      return describe(state, change.room);
    case 'events':
      return applyRoomEvents(state, change.events);
    case 'joined':
    case 'left':
      return applyMembershipHint(state, change);
    case 'updated':
      return applyUpdateHint(moveTo(state, change.room.head, change.room.rev), change.room);
    case 'marks':
      return change.marks.reduce((next, mark) => raiseMark(next, mark.userId, mark), state);
    case 'typing':
      return setTyping(state, change.userId, change.until);
    case 'timePassed':
      return forgetTyping(state, change.now);
  }
}

/** The epoch that a change names; `NaN`, which is neither above nor below any, where it names none. */
function epochOf(change: RoomChange): number {
  if (change.kind === 'position') return change.epoch;
  return change.kind === 'described' || change.kind === 'updated' ? change.room.epoch : Number.NaN;
}

function moveTo(state: RoomState, head: number, rev: number): RoomState {
  if (head <= state.room.head && rev <= state.knownRev) return state;
  return {
    ...state,
    room: head > state.room.head ? { ...state.room, head } : state.room,
    knownRev: Math.max(rev, state.knownRev),
  };
}

/** A description holds all events up to its `rev`, and perhaps some of later ones: applying those again does no harm. */
function describe(state: RoomState, room: ChatRoom): RoomState {
  const moved = moveTo(state, room.head, room.rev);
  const { head, lastMessageAt } = moved.room;
  const isNewer = room.rev >= state.room.rev;
  // A list names only some of many participants: no news where all of them are known.
  const isKnown = room.rev === state.room.rev && namesAll(state.room) && !namesAll(room);
  const { participants, participantCount } = isKnown ? state.room : room;
  const members = { participants, participantCount };
  const described = isNewer
    ? { ...moved, room: { ...room, ...members, head, lastMessageAt: Math.max(lastMessageAt, room.lastMessageAt) } }
    : moved;
  return raiseMark(described, state.me, { delivered: room.deliveredUpTo, read: room.readUpTo });
}

function setTyping(state: RoomState, userId: string, until: number | undefined): RoomState {
  if (userId === state.me || state.typing.get(userId) === until) return state;
  const typing = new Map(state.typing);
  if (until === undefined) typing.delete(userId);
  else typing.set(userId, until);
  return { ...state, typing };
}

function forgetTyping(state: RoomState, now: number): RoomState {
  const typing = new Map([...state.typing].filter(([, until]) => until > now));
  return typing.size === state.typing.size ? state : { ...state, typing };
}
