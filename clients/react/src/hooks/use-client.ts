import type { ParlanceClient } from '@parlance/client';
import { useContext } from 'react';
import { ClientContext } from '../provider/client-context.js';

/** The client of the nearest `ParlanceProvider`, for everything that is done: `send`, `markRead`, `createRoom` and so on. */
export function useClient(): ParlanceClient {
  const client = useContext(ClientContext);
  if (client === undefined) throw new Error('A hook of @parlance/react works inside a ParlanceProvider only.');
  return client;
}
