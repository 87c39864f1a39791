import { decodeManifest, type MonthArchive, type MonthYear } from '@parlance/storage';
import { Long } from 'mongodb';
import { monthFolder } from './archive-objects.js';
import type { OpenArchive } from './open-archive.js';

/**
 * A month's copy in the archive as an older entry of the month tells of it; the newest that there is where an erasure has
 * written it anew since. Undefined when there is neither.
 * @throws ArchiveFault.
 */
export async function presentCopy(
  month: MonthYear,
  told: MonthArchive,
  { store, keys }: OpenArchive,
): Promise<MonthArchive | undefined> {
  if (await store.head(told.manifest)) return told;
  let newest: MonthArchive | undefined;
  for await (const { key, bytes: size } of store.list(monthFolder(month))) {
    if (!key.endsWith('/manifest')) continue;
    const bytes = await store.get(key);
    const { manifestVersion, segments, dictionary } = decodeManifest(bytes, keys, key);
    if (manifestVersion <= (newest?.manifestVersion ?? told.manifestVersion)) continue;
    const objects = [...(dictionary ? [dictionary] : []), ...segments];
    newest = {
      ...told,
      manifest: key,
      manifestVersion,
      rootHash: rootHashOf(bytes),
      bytes: Long.fromNumber(objects.reduce((sum, object) => sum + object.bytes, size)),
    };
  }
  return newest;
}

/** What the manifest says of itself, which was compared when it was decoded. */
function rootHashOf(manifest: Buffer): string {
  const [, last = ''] = manifest.toString('utf8').split('\n');
  return (JSON.parse(last) as { readonly rootHash: string }).rootHash;
}
