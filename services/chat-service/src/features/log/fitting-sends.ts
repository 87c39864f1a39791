import type { PendingSend } from './pending-send.js';

/** Characters of one ordered insert. */
const batchCharacters = 1_000_000;

/** How many messages at the front of a queue one insert command takes: at most `limit`, and at least one. Pure. */
export function fittingSends(queue: readonly PendingSend[], limit: number): number {
  let characters = 0;
  const end = queue.findIndex((send, index) => {
    characters += send.size;
    return index === limit || (index > 0 && characters > batchCharacters);
  });
  return end < 0 ? queue.length : end;
}
