import type { ParlanceClient } from '@parlance/client';
import { createElement, type ReactElement, type ReactNode, useEffect } from 'react';
import { ClientContext } from './client-context.js';
import { holdConnection } from './hold-connection.js';

/**
 * Gives a client to the hooks below it. Connects it as long as it is mounted, and closes it afterwards; a server that only
 * renders connects nothing. What goes wrong is told by `useConnection().error` and the `error` event.
 */
export function ParlanceProvider({ client, children }: ParlanceProviderProps): ReactElement {
  useEffect(() => holdConnection(client), [client]);
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** See {@link ParlanceProvider}. */
export interface ParlanceProviderProps {
  /** The same one with every render: made outside of components, or kept in a state. */
  readonly client: ParlanceClient;
  /** Everything that uses the hooks. */
  readonly children?: ReactNode;
}
