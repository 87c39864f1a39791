import { randomUUID } from 'node:crypto';
import { ArchiveKeys, ArchiveWalk, type ChatDatabase, isMessage, openArchiveStore } from '@parlance/storage';
import type { YearArchive } from '../year/year-archive.js';

/** Where it is looked. */
export interface ErasedPlaces {
  readonly database: ChatDatabase;
  readonly archive: Pick<YearArchive, 'place' | 'keys'>;
}

/**
 * Places where what some users have said is left: documents and records of archives that have a text or a name of theirs, and
 * objects of the archive that no manifest names, which may. A line each, empty when all is gone.
 */
export async function textsOfErased(
  users: readonly string[],
  { database, archive: { place, keys } }: ErasedPlaces,
): Promise<readonly string[]> {
  const found: string[] = [];
  const store = await openArchiveStore(place, randomUUID);
  const named = new Set<string>();
  for (const { monthYear, archive } of await database.months.find().toArray()) {
    if (!archive?.droppedAt) {
      const filter = {
        senderId: { $in: [...users] },
        $or: [{ erasedAt: { $exists: false } }, { content: { $ne: '' } }],
      };
      const left = await database.messages(monthYear).countDocuments(filter);
      if (left > 0) found.push(`${left} documents of ${monthYear}`);
    }
    if (!archive) continue;
    const walk = await ArchiveWalk.open(archive, store, new ArchiveKeys(keys));
    const { dictionary, segments } = walk.manifest;
    for (const key of [archive.manifest, ...(dictionary ? [dictionary.key] : []), ...segments.map(({ key }) => key)])
      named.add(key);
    for (const segment of segments) {
      let left = 0;
      for await (const slot of walk.records(segment)) {
        if (isMessage(slot) && users.includes(slot.senderId) && (!slot.erasedAt || slot.content !== '')) left += 1;
      }
      if (left > 0) found.push(`${left} records of ${segment.key}`);
    }
  }
  for await (const { key } of store.list('months/')) if (!named.has(key)) found.push(`${key}, which no manifest names`);
  return found;
}
