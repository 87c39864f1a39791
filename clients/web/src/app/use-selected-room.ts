import { useCallback, useEffect, useState } from 'preact/hooks';

/** The room that is open, kept as `#room=...` in the address: a reload keeps it, and the browser's back button closes it. */
export function useSelectedRoom(): SelectedRoom {
  const [roomId, setRoomId] = useState(roomInAddress);
  useEffect(() => {
    const follow = (): void => setRoomId(roomInAddress());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const open = useCallback((next: string) => {
    const address = `#${new URLSearchParams({ room: next })}`;
    if (roomInAddress() === undefined) history.pushState({ isOverList: true }, '', address);
    else history.replaceState(history.state, '', address);
    setRoomId(next);
  }, []);
  const close = useCallback(() => {
    const isOverList = (history.state as { readonly isOverList?: boolean } | null)?.isOverList === true;
    if (isOverList) return history.back();
    history.replaceState(null, '', location.pathname + location.search);
    setRoomId(undefined);
  }, []);
  return { roomId, open, close };
}

/** See {@link useSelectedRoom}. */
export interface SelectedRoom {
  readonly roomId: string | undefined;
  readonly open: (roomId: string) => void;
  /** Back to the list. */
  readonly close: () => void;
}

function roomInAddress(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get('room') ?? undefined;
}
