import type { RoomView } from '@parlance/client';
import { useClient } from '@parlance/react';
import type { RefObject } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { lastSeenId } from '../scroll/scroll-geometry.js';

/**
 * Marks as read what is in view while somebody is at the window. The function it returns looks again, and is called after
 * every movement; coming back to the window looks by itself.
 */
export function useMarkRead(scroller: RefObject<HTMLElement | null>, view: RoomView): () => void {
  const client = useClient();
  const latest = useRef(view);
  latest.current = view;
  const look = useCallback(() => {
    const log = scroller.current;
    const { room, unreadCount } = latest.current;
    if (!log || unreadCount === 0 || !isWatched()) return;
    const seen = lastSeenId(log);
    if (seen > room.readUpTo) client.markRead(room.roomId, seen);
  }, [client, scroller]);
  useEffect(() => {
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [look]);
  return look;
}

/** Somebody is probably looking at this window. */
export function isWatched(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
