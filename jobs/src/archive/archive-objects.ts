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
export async function removeOthers(manifest: ArchiveManifest, key: string, archive: OpenArchive): Promise<number> {
  return await removeAllBut(objectsOf(manifest, key), manifest.month, archive);
}

/** Removes all objects of a month but those with these keys, and what killed writers have left unfinished. */
export async function removeAllBut(
  kept: ReadonlySet<string>,
  month: MonthYear,
  { store }: OpenArchive,
): Promise<number> {
  let removed = 0;
  for await (const object of store.list(monthFolder(month))) {
    if (kept.has(object.key)) continue;
    await store.delete(object.key);
    removed++;
  }
  return removed;
}
