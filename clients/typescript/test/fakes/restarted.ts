import { memoryOutbox } from '../../src/outbox/stores/memory-outbox.js';
import type { OutboxStore, StoredSend } from '../../src/outbox/stores/outbox-store.js';
import { type FakeStack, fakeStack } from './fake-stack.js';

/** A client, not connected yet, of a program that finds these messages; `more` replaces parts of its outbox. */
export async function restarted(
  left: readonly StoredSend[],
  more: Partial<OutboxStore> = {},
): Promise<FakeStack & { readonly outbox: OutboxStore }> {
  const store = memoryOutbox();
  for (const each of left) await store.put(each);
  const outbox: OutboxStore = {
    all: () => (more.all ?? store.all)(),
    put: (each) => (more.put ?? store.put)(each),
    remove: (name) => (more.remove ?? store.remove)(name),
  };
  const stack = fakeStack({ outbox });
  stack.gateway.addRoom('r');
  return { ...stack, outbox };
}

/** A message that an earlier program has left. */
export function storedSend(clientMessageId: string): StoredSend {
  const content = `text of ${clientMessageId}`;
  return { clientMessageId, userId: 'me', roomId: 'r', content, messageType: 'text', createdAt: 1 };
}
