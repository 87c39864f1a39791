import type { PendingSend } from './pending-send.js';

/**
 * How many messages at the front of a queue one insert command takes: at most so many and so many characters, and at least
 * one. Pure.
 */
export function fittingSends(queue: readonly PendingSend[], messages: number, mostCharacters: number): FittingSends {
  let [count, characters] = [0, 0];
  for (const { size } of queue) {
    if (count === messages || (count > 0 && characters + size > mostCharacters)) break;
    count++;
    characters += size;
  }
  return { count, characters };
}

/** The front of a queue. */
export interface FittingSends {
  readonly count: number;
  /** Of texts and metadata. */
  readonly characters: number;
}
