import type { RoomView } from '@parlance/client';
import { useClient } from './use-client.js';
import { useSnapshot } from './use-snapshot.js';

const none: ReadonlyMap<string, RoomView> = new Map();

/** All rooms of the user by id, as they are now. Another map after a change of any of them; rooms that did not change stay the same objects. */
export function useRooms(): ReadonlyMap<string, RoomView> {
  const client = useClient();
  return useSnapshot(client, 'rooms', () => client.rooms, none);
}
