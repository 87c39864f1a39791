import { type MonthDocument, placeOfMonth } from '@parlance/storage';

/** Whether a month's collection stands: readers are in it, or it is in its grace, or a job has died before it noted the drop. */
export function hasCollection(entry: Pick<MonthDocument, 'state' | 'archive'>): boolean {
  return placeOfMonth(entry) === 'collection' || (entry.state === 'ARCHIVED' && entry.archive?.droppedAt === undefined);
}
