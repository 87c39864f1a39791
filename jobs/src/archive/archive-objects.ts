import type { MonthYear } from '@parlance/storage';

/** Beginning of the keys of all objects of archived months. */
export const archiveRoot = 'months/';

/** Beginning of the keys of all objects of a month's archive. */
export function monthFolder(month: MonthYear): string {
  return `${archiveRoot}${month}/`;
}

/**
 * Beginning of the keys of what one claim writes: another claim has another epoch, so that two never write one object,
 * whatever they believe of each other.
 */
export function claimFolder(month: MonthYear, epoch: number): string {
  return `${monthFolder(month)}e${epoch}/`;
}
