/** A `PendingSend` in a pod's queue as one number: message, tag of its attempt, and two flags. */
export function queueEntry(message: number, tag: number): number {
  return message | (tag << 2);
}

export function queuedMessage(entry: number): number {
  return entry & 3;
}

export function queuedTag(entry: number): number {
  return (entry >> 2) & 3;
}

/** Flag: `PendingSend.issued`, an insert with it was not acknowledged. */
export const issued = 16;

/** Flag: `PendingSend.searchedFor`, the previous month was searched for it. */
export const searched = 32;
