import type { RoomView } from '@parlance/client';
import { useEffect } from 'react';
import { useClient } from './use-client.js';
import { useSnapshot } from './use-snapshot.js';

/**
 * One room as it is now, and open as long as the component is mounted: whoever renders it looks at it (`client.open`).
 * Undefined while it is not loaded or not the user's, and for an undefined id.
 */
export function useRoom(roomId: string | undefined): RoomView | undefined {
  const client = useClient();
  useEffect(() => {
    if (roomId === undefined) return;
    const close = client.open(roomId);
    // Only then: whoever opens the room in the same turn, as StrictMode does, finds it open, with all that was paged back.
    return () => queueMicrotask(close);
  }, [client, roomId]);
  return useSnapshot(client, 'rooms', () => (roomId === undefined ? undefined : client.room(roomId)), undefined);
}
