import { addMonths, type MonthYear, monthOf } from '@parlance/storage';

/** Months of the bench by their age: the current one is 0. The two oldest lie in the archive in the end. Of this one pages are read with next to no cache. */
export const oldestAge = 25;

/** The 24th month of a room. It lies on the cold shard. */
export const coldAge = 23;

/** Of it pages are read that are in the cache. */
export const warmArchiveAge = 24;

/** Messages of each room in a month of which pages are measured. */
const measuredMessages = 200;

/** In each other month. */
const otherMessages = 20;

/** The month that is so many months old. */
export function monthOfAge(age: number): MonthYear {
  return addMonths(monthOf(Date.now()), -age);
}

/** Messages of each room in a month of this age. */
export function messagesAt(age: number): number {
  return age === 0 || age >= coldAge ? measuredMessages : otherMessages;
}

/** Id of a room's first message in a month of this age. */
export function firstIdAt(age: number): number {
  let id = 1;
  for (let older = oldestAge; older > age; older--) id += messagesAt(older);
  return id;
}
