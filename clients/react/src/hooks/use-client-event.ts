import type { ClientEventMap } from '@parlance/client';
import { useEffect, useRef } from 'react';
import { useClient } from './use-client.js';

/**
 * Listens to an event of the client (`message`, `messageLost`, `wentBack`, `error` ...) as long as the component is mounted.
 * The listener of the last render is called; it need not be the same one with each.
 */
export function useClientEvent<E extends keyof ClientEventMap>(
  event: E,
  listener: (payload: ClientEventMap[E]) => void,
): void {
  const client = useClient();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => client.on(event, (payload) => latest.current(payload)), [client, event]);
}
