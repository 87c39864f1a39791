import type { PendingMessage } from '../outbox/pending-message.js';
import type { RoomView } from './room-view.js';
import type { RoomState } from './state/room-state.js';

/**
 * What is shown of a room. Parts that say the same as in the last snapshot are the same objects, and so is the snapshot when
 * all of them are: whoever compares with `===` is told of nothing that did not change. Pure.
 */
export function roomSnapshot(
  state: RoomState,
  pending: readonly PendingMessage[],
  last: RoomView | undefined,
): RoomView {
  const { room, messages, marks, typing, hasOlder, me } = state;
  const { read, delivered } = marks.get(me) ?? { read: 0, delivered: 0 };
  const unreadCount = Math.max(0, room.head - read);
  const participants = sameItems(last?.room.participants, room.participants);
  const next = { ...room, participants, readUpTo: read, deliveredUpTo: delivered, unreadCount };
  const view: RoomView = {
    room: sameFields(last?.room, next),
    messages,
    pending,
    unreadCount,
    typing: sameItems(last?.typing, [...typing.keys()]),
    hasOlder,
    marks,
    lastMessage: messages.at(-1),
  };
  return sameFields(last, view);
}

/** `last` where it holds the same values under the same names. */
function sameFields<T extends object>(last: T | undefined, next: T): T {
  if (last === undefined) return next;
  const names = Object.keys(next) as (keyof T)[];
  const isSame = names.length === Object.keys(last).length && names.every((name) => Object.is(last[name], next[name]));
  return isSame ? last : next;
}

/** `last` where it holds the same items in the same order. */
function sameItems(last: readonly string[] | undefined, next: readonly string[]): readonly string[] {
  return last?.length === next.length && last.every((item, index) => item === next[index]) ? last : next;
}
