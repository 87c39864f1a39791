import type { ChatMessage, RoomEvent, RoomUpdate } from '@parlance/proto';
import type { RoomChange } from './room-change.js';
import { namesAll, withMembers } from './room-members.js';
import type { RoomState } from './room-state.js';

/** Applies what follows `room.rev` without a gap, in order. */
export function applyRoomEvents(state: RoomState, events: readonly RoomEvent[]): RoomState {
  let { room } = state;
  let next = state;
  for (const event of events) {
    if (event.rev !== room.rev + 1) continue;
    if (event.kind === 'erased') next = withoutTexts(next, event);
    room = { ...apply(room, event, state.me), rev: event.rev };
  }
  return room === state.room ? state : { ...next, room, knownRev: Math.max(state.knownRev, room.rev) };
}

/**
 * A live hint that people came or somebody went. It shows at once unless a later one was told; its events count as applied
 * only when they are the next ones and everybody is named, else a pull settles it.
 */
export function applyMembershipHint(
  state: RoomState,
  hint: Extract<RoomChange, { readonly kind: 'joined' | 'left' }>,
): RoomState {
  const { rev } = hint;
  if (rev <= state.room.rev || rev < state.knownRev) return state;
  const [userIds, count] = hint.kind === 'joined' ? [hint.userIds, hint.userCount] : [[hint.userId], 1];
  const before = rev - count;
  const isNext = namesAll(state.room) ? before <= state.room.rev : before === state.room.rev;
  const isWhole = isNext && userIds.length === count;
  const room = withMembers(state.room, hint.kind, userIds, isWhole);
  return { ...state, room: { ...room, rev: isWhole ? rev : room.rev }, knownRev: rev };
}

/** A live hint of a change. It never counts as applied: that a role was changed does not show in it. */
export function applyUpdateHint(state: RoomState, update: RoomUpdate): RoomState {
  const { metadata, joinRule, historyVisibility, rev } = update;
  if (rev <= state.room.rev || rev < state.knownRev) return state;
  return { ...state, room: { ...state.room, metadata, joinRule, historyVisibility } };
}

function apply(room: RoomState['room'], event: RoomEvent, me: string): RoomState['room'] {
  switch (event.kind) {
    case 'joined': {
      const joined = withMembers(room, 'joined', [event.userId], true);
      return event.userId === me ? { ...joined, role: event.role } : joined;
    }
    case 'left':
      return withMembers(room, 'left', [event.userId], true);
    case 'role':
      return event.userId === me ? { ...room, role: event.role } : room;
    case 'updated': {
      const { metadata, joinRule, historyVisibility } = event;
      return { ...room, metadata, joinRule, historyVisibility };
    }
    case 'erased':
      return room;
    default:
      // A newer server may say more than this client knows.
      return room;
  }
}

/** Takes out of the window what somebody has said up to an id. */
function withoutTexts(state: RoomState, { userId, upToId }: Erasure): RoomState {
  const erased = (message: ChatMessage): ChatMessage => {
    if (message.senderId !== userId || message.messageId > upToId) return message;
    const { metadata: _, ...rest } = message;
    return { ...rest, content: '', clientMessageId: '', messageType: 'text', erased: true };
  };
  const held = new Map([...state.held].map(([id, message]) => [id, erased(message)]));
  return { ...state, messages: state.messages.map(erased), held };
}

type Erasure = Extract<RoomEvent, { readonly kind: 'erased' }>;
