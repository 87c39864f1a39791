import type { ChatMessage } from '@parlance/proto';
import { raiseMarksOf } from './room-marks.js';
import type { RoomState } from './room-state.js';

const heldMessages = 500;

/**
 * Takes messages in any order: what follows the cursor is shown, what lies beyond a gap is held, what is known only
 * brings its receipts.
 */
export function takeMessages(state: RoomState, messages: readonly ChatMessage[]): RoomState {
  const held = new Map(state.held);
  let next = state;
  for (const message of messages) {
    if (message.messageId > state.cursor) held.set(message.messageId, message);
    next = raiseMarksOf(next, message);
  }
  const shown: ChatMessage[] = [];
  for (let id = state.cursor + 1; held.has(id); id++) {
    const message = held.get(id);
    if (message) shown.push(message);
    held.delete(id);
  }
  if (shown.length === 0 && held.size === state.held.size) return next;
  return show({ ...next, held: lowest(held) }, shown, Math.max(0, ...held.keys()));
}

/** Puts the page below the window in front of it, as far as it joins on without a gap. */
export function prependOlder(state: RoomState, page: readonly ChatMessage[], hasMore: boolean): RoomState {
  const first = state.messages[0]?.messageId ?? state.cursor + 1;
  const below = page.filter(({ messageId }) => messageId < first);
  const joins = below.every(({ messageId }, index) => messageId === first - below.length + index);
  if (!joins || (below.length === 0 && page.length > 0)) return state;
  const moved = { ...state, messages: [...below, ...state.messages], hasOlder: hasMore };
  return below.reduce(raiseMarksOf, moved);
}

/** Begins anew at the first id that can be had, when the gap below it can never be closed. */
export function restartAt(state: RoomState, firstAvailableId: number): RoomState {
  const cursor = firstAvailableId - 1;
  if (cursor <= state.cursor) return state;
  const held = new Map([...state.held].filter(([id]) => id > cursor));
  return takeMessages({ ...state, messages: [], cursor, held, hasOlder: false }, []);
}

/** Lets go of the beginning of a window that nobody pages back in, down to the newest `limit` messages. */
export function trimWindow(state: RoomState, limit: number): RoomState {
  if (state.isPagedBack || state.messages.length <= limit) return state;
  return { ...state, messages: state.messages.slice(-limit), hasOlder: true };
}

function show(state: RoomState, shown: readonly ChatMessage[], highestHeld: number): RoomState {
  const last = shown.at(-1);
  const head = Math.max(state.room.head, last?.messageId ?? 0, highestHeld);
  const lastMessageAt = Math.max(state.room.lastMessageAt, last?.timestamp ?? 0);
  const typing = new Map(state.typing);
  for (const { senderId } of shown) typing.delete(senderId);
  return {
    ...state,
    room: { ...state.room, head, lastMessageAt },
    messages: shown.length === 0 ? state.messages : [...state.messages, ...shown],
    cursor: last?.messageId ?? state.cursor,
    typing,
  };
}

/** A pull brings all of it again, so there is no need to hold more than a few pages; the lowest are needed first. */
function lowest(held: ReadonlyMap<number, ChatMessage>): ReadonlyMap<number, ChatMessage> {
  if (held.size <= heldMessages) return held;
  return new Map([...held].toSorted(([left], [right]) => left - right).slice(0, heldMessages));
}
