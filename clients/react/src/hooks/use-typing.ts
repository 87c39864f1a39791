import { useCallback, useEffect } from 'react';
import { useClient } from './use-client.js';
import { useSnapshot } from './use-snapshot.js';

const nobody: readonly string[] = [];

/**
 * Who else is typing in a room, and a function that tells whether this user is: call it with every key. Leaving the room or
 * unmounting tells that nobody types any more, and so does sending.
 */
export function useTyping(roomId: string): readonly [userIds: readonly string[], tell: (isTyping: boolean) => void] {
  const client = useClient();
  const userIds = useSnapshot(client, 'rooms', () => client.room(roomId)?.typing ?? nobody, nobody);
  const tell = useCallback((isTyping: boolean) => client.setTyping(roomId, isTyping), [client, roomId]);
  useEffect(() => () => tell(false), [tell]);
  return [userIds, tell];
}
