import type { ArchiveManifest, MonthYear } from '@parlance/storage';
import type { OpenArchive } from './open-archive.js';

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

/** Keys of all objects of an archive whose manifest has the given key. */
export function objectsOf({ dictionary, segments }: ArchiveManifest, key: string): ReadonlySet<string> {
  return new Set([key, ...(dictionary ? [dictionary.key] : []), ...segments.map((segment) => segment.key)]);
}

/** Removes what stopped runs have left of a month, and a copy that this one replaces. Answers how many objects. */
export async function removeOthers(
  manifest: ArchiveManifest,
  key: string,
  epoch: number,
  archive: OpenArchive,
): Promise<number> {
  return await removeAllBut(objectsOf(manifest, key), { month: manifest.month, epoch }, archive);
}

/**
 * Removes all objects of a month that a claim with this epoch, or one before it, has written, but those with these keys. What a
 * later claim has written stays, so whoever wakes up late takes nothing away from it. Answers how many.
 */
export async function removeAllBut(
  kept: ReadonlySet<string>,
  { month, epoch }: { readonly month: MonthYear; readonly epoch: number },
  { store }: OpenArchive,
): Promise<number> {
  const folder = monthFolder(month);
  let removed = 0;
  for await (const object of store.list(folder)) {
    const [, writtenIn = '0'] = /^e(\d+)\//.exec(object.key.slice(folder.length)) ?? [];
    if (kept.has(object.key) || Number(writtenIn) > epoch) continue;
    await store.delete(object.key);
    removed++;
  }
  return removed;
}
