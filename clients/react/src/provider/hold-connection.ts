import type { ParlanceClient } from '@parlance/client';

/** How many hold each client. */
const holders = new WeakMap<ParlanceClient, number>();

/**
 * Keeps a client connected as long as anybody holds it; the function it answers lets go, once. The client is closed at the end
 * of the turn in which the last one let go: a component that is unmounted and mounted at once, as in StrictMode, costs no
 * connection.
 */
export function holdConnection(client: ParlanceClient): () => void {
  const before = holders.get(client) ?? 0;
  holders.set(client, before + 1);
  // Why it has ended stays in `client.connectionError`.
  if (before === 0) client.connect().catch(() => undefined);
  return () => queueMicrotask(() => letGo(client));
}

function letGo(client: ParlanceClient): void {
  const left = (holders.get(client) ?? 0) - 1;
  if (left > 0) return void holders.set(client, left);
  holders.delete(client);
  client.close();
}
