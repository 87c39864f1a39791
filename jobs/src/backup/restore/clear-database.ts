import { type ChatDatabase, commandTimeout } from '@parlance/storage';

/** How long one command may take, milliseconds. */
const clearMs = 600_000;

/** Collections of months that stand, and the views where some stood. */
export async function monthCollections({ db }: ChatDatabase): Promise<readonly string[]> {
  const found = await db.listCollections({}, { nameOnly: true, ...commandTimeout(30_000) }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => /^messages_\d{4}_\d{2}$/.test(name))
    .toSorted();
}

/**
 * Takes away all rooms, first of all, then all that belongs to them; revocations stay. Each step may be repeated. On a cluster
 * the collections of rooms stay with their shard key, those of months go.
 */
export async function clearDatabase(database: ChatDatabase, tell: (what: string) => void): Promise<void> {
  const options = { writeConcern: { w: 'majority' }, ...commandTimeout(clearMs) } as const;
  for (const collection of [database.rooms, database.participants, database.roomEvents, database.months]) {
    tell(collection.collectionName);
    await collection.deleteMany({}, options);
  }
  for (const name of await monthCollections(database)) {
    tell(name);
    await database.db.dropCollection(name, options);
  }
}
