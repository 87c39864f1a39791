import type { RoomView } from '@parlance/client';
import { useClient } from '@parlance/react';
import type { RefObject } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useChat } from '../../chat/chat-context.js';

const pageItems = 50;

/** Fetches older messages while the beginning of what is there is near the view. After a failure it waits for the next look. */
export function useOlderMessages(
  scroller: RefObject<HTMLElement | null>,
  view: RoomView,
  isOnline: boolean,
): OlderMessages {
  const client = useClient();
  const { attempt } = useChat();
  const [isLoading, setLoading] = useState(false);
  const facts = useRef({ view, isOnline, isBusy: false, failedAt: -1 });
  facts.current.view = view;
  facts.current.isOnline = isOnline;

  const look = useCallback(() => {
    const log = scroller.current;
    const { view, isOnline, isBusy, failedAt } = facts.current;
    if (!log || isBusy || !isOnline || !view.hasOlder || log.scrollTop > log.clientHeight) return;
    if (failedAt === log.scrollTop) return; // Nobody moved since: asking at once again would only fail again.
    facts.current.isBusy = true;
    setLoading(true);
    void attempt(client.loadOlder(view.room.roomId, pageItems)).then((isDone) => {
      facts.current.isBusy = false;
      facts.current.failedAt = isDone ? -1 : log.scrollTop;
      setLoading(false);
      if (isDone) requestAnimationFrame(look);
    });
  }, [client, attempt, scroller]);
  useEffect(look, [look, isOnline]);
  return { isLoading, look };
}

/** See {@link useOlderMessages}. */
export interface OlderMessages {
  readonly isLoading: boolean;
  /** Fetches if there is a reason to. */
  readonly look: () => void;
}
