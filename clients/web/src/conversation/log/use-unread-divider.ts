import type { RoomView } from '@parlance/client';
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { isWatched } from '../receipts/use-mark-read.js';
import { isAtEnd } from '../scroll/scroll-geometry.js';

/**
 * The message after which "New messages" stands: what was read when the room was opened, or when something came that
 * nobody saw come. It stays while one reads and goes when one answers. Undefined: no divider.
 */
export function useUnreadDivider(
  scroller: RefObject<HTMLElement | null>,
  view: RoomView,
  sentCount: number,
): number | undefined {
  const state = useRef<{ after: number | undefined; sentCount: number; head: number }>(undefined);
  const { room, unreadCount } = view;
  const before = state.current;
  const isFirst = before === undefined;
  const isNews = isFirst || room.head > before.head;
  let after = before?.sentCount === sentCount ? before.after : undefined;
  const log = scroller.current;
  const isSeen = !isFirst && isWatched() && (log === null || isAtEnd(log));
  // An older divider that was read past makes way for a new one.
  if (isNews && unreadCount > 0 && !isSeen && (after === undefined || (before?.head ?? 0) <= room.readUpTo)) {
    after = room.readUpTo;
  }
  state.current = { after, sentCount, head: room.head };
  return after;
}
