import type { OutboxStore, StoredSend } from './outbox-store.js';

/** An outbox that lives as long as the program does. The default. */
export function memoryOutbox(): OutboxStore {
  const sends = new Map<string, StoredSend>();
  return {
    all: () => Promise.resolve([...sends.values()]),
    put(send) {
      sends.set(send.clientMessageId, send);
      return Promise.resolve();
    },
    remove(clientMessageId) {
      sends.delete(clientMessageId);
      return Promise.resolve();
    },
  };
}
