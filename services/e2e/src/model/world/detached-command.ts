import { renamedContent, slotEntry } from './slot-entry.js';

/**
 * An ordered insert command that may still land, as one number: month, first slot, number of documents (1 to 4), their
 * contents for consecutive slots, and whether documents before these have landed: {@link begun}.
 */
export function detachedCommand(month: number, slot: number, contents: readonly number[], flag = 0): number {
  return contents.reduce(
    (command, content, index) => command | (content << shiftOf(index)),
    month | (slot << 1) | (contents.length << 4) | flag,
  );
}

/**
 * Flag of a command that a primary has worked through in part. It ends with that primary, while one that waits, say in a
 * router, may reach the next.
 */
export const begun = 1 << 27;

export function commandMonth(command: number): number {
  return command & 1;
}

/** The document that is next in it. */
export function firstDocument(command: number): number {
  return slotEntry((command >> 1) & 7, (command >> shiftOf(0)) & 31);
}

/** The contents of its documents. */
export function commandContents(command: number): number[] {
  return Array.from({ length: (command >> 4) & 7 }, (_, index) => (command >> shiftOf(index)) & 31);
}

/** What remains of a command after its first document has landed; 0 for nothing. */
export function withoutFirst(command: number): number {
  const rest = ((command >> 4) & 7) - 1;
  const contents = (command & (begun - 1)) >> shiftOf(1);
  return rest === 0
    ? 0
    : commandMonth(command) | ((((command >> 1) & 7) + 1) << 1) | (rest << 4) | (contents << shiftOf(0)) | begun;
}

/** The same command in a world whose messages have other numbers. */
export function withRenamed(command: number, rename: readonly number[]): number {
  let replaced = command & (begun | 0x7f);
  for (let index = 0; index < ((command >> 4) & 7); index++)
    replaced |= renamedContent((command >> shiftOf(index)) & 31, rename) << shiftOf(index);
  return replaced;
}

function shiftOf(index: number): number {
  return 7 + 5 * index;
}
