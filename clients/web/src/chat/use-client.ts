import type { ConnectionState, ParlanceClient, RoomView } from '@parlance/client';
import { useEffect, useState } from 'preact/hooks';

/** All rooms, as they are now; renewed with every change of any of them. */
export function useRooms(client: ParlanceClient): ReadonlyMap<string, RoomView> {
  const [rooms, setRooms] = useState(client.rooms);
  useEffect(() => {
    setRooms(client.rooms);
    return client.on('rooms', setRooms);
  }, [client]);
  return rooms;
}

/** Where the connection stands. */
export function useConnection(client: ParlanceClient): ConnectionLook {
  const [look, setLook] = useState(() => lookAt(client));
  useEffect(() => {
    setLook(lookAt(client));
    return client.on('state', () => setLook(lookAt(client)));
  }, [client]);
  return look;
}

/** See {@link useConnection}. */
export interface ConnectionLook {
  readonly state: ConnectionState;
  /** When it is tried again, Unix milliseconds, while it waits for that. */
  readonly nextAttemptAt: number | undefined;
}

function lookAt({ state, nextAttemptAt }: ParlanceClient): ConnectionLook {
  return { state, nextAttemptAt };
}
