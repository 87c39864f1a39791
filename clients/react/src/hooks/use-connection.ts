import type { ConnectionState, ParlanceClient, ParlanceError } from '@parlance/client';
import { useClient } from './use-client.js';
import { useSnapshot } from './use-snapshot.js';

const idle: ConnectionView = { state: 'idle', userId: undefined, nextAttemptAt: undefined, error: undefined };

/** Where the connection stands; the same object until that changes. */
export function useConnection(): ConnectionView {
  const client = useClient();
  return useSnapshot(client, 'state', () => viewOf(client), idle);
}

/** See {@link useConnection}. */
export interface ConnectionView {
  /** `idle` before it is connected for the first time, and where a server renders. */
  readonly state: ConnectionState;
  /** Who is signed in; undefined until the server has said so for the first time. */
  readonly userId: string | undefined;
  /** When it is tried again, Unix milliseconds by this machine's clock; only while `state` is `waiting`. */
  readonly nextAttemptAt: number | undefined;
  /** Why there is no connection; undefined while there is one, and before the first attempt has failed. */
  readonly error: ParlanceError | undefined;
}

/** What was last seen of each client. */
const seen = new WeakMap<ParlanceClient, ConnectionView>();

function viewOf(client: ParlanceClient): ConnectionView {
  const { state, userId, nextAttemptAt, connectionError: error } = client;
  const last = seen.get(client) ?? idle;
  const isSame =
    last.state === state && last.userId === userId && last.nextAttemptAt === nextAttemptAt && last.error === error;
  if (isSame) return last;
  const view = { state, userId, nextAttemptAt, error };
  seen.set(client, view);
  return view;
}
