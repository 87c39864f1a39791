import type { ClientEventMap, ParlanceClient } from '@parlance/client';
import { useCallback, useSyncExternalStore } from 'react';

/**
 * What `look` finds in the client now, anew after each of `event`; renders again only when that is another value by
 * `Object.is`. Where a server renders, and while its page is taken over, it is `empty`.
 *
 * @param look answers the same value until something has changed.
 */
export function useSnapshot<T>(client: ParlanceClient, event: keyof ClientEventMap, look: () => T, empty: T): T {
  const subscribe = useCallback((changed: () => void) => client.on(event, changed), [client, event]);
  return useSyncExternalStore(subscribe, look, () => empty);
}
