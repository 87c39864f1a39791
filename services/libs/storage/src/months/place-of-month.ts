import type { MonthDocument } from '../documents/month-document.js';

/**
 * Where a month's messages are read. `collection`: in MongoDB. `archive`: in the archive. `none`: the month is not
 * registered, so nothing was ever written to it. `unknown`: a later release has written a state that this one does not
 * know; whoever reads answers a retryable error and never an empty page.
 */
export type MonthPlace = 'collection' | 'archive' | 'none' | 'unknown';

/**
 * Where a month is read, by its registry entry; an entry is as good as the read that gave it (R8: pages have no holes).
 * Pure.
 */
export function placeOfMonth(entry: Pick<MonthDocument, 'state'> | undefined): MonthPlace {
  if (!entry) return 'none';
  switch (entry.state) {
    case 'OPEN':
    case 'SEALED':
      return 'collection';
    case 'ARCHIVED':
      return 'archive';
    default:
      return unknownState(entry.state);
  }
}

/** Whether a month takes messages: `OPEN`, and nothing that is not known, does. Pure. */
export function takesMessages(entry: Pick<MonthDocument, 'state'> | undefined): boolean {
  return entry?.state === 'OPEN';
}

/** The type says that there is none; a database written by a later release may hold one. */
function unknownState(_state: never): MonthPlace {
  return 'unknown';
}
