import { type ChatDatabase, endingAfter, type MonthDocument, majority } from '@parlance/storage';
import { MongoServerError } from 'mongodb';
import type { MonthSight } from '../kubernetes/chat-month-of.js';

/** How long reading the size of one month may take, milliseconds. */
const sizeMs = 5_000;

/** All months with their size on disk and where they lie, oldest first. */
export async function monthSights(database: ChatDatabase): Promise<readonly MonthSight[]> {
  const entries = await database.months.find({}, { ...majority(), sort: { monthYear: 1 } }).toArray();
  return await Promise.all(entries.map((entry) => sightOf(database, entry)));
}

async function sightOf(database: ChatDatabase, entry: MonthDocument): Promise<MonthSight> {
  const { collectionName } = database.messages(entry.monthYear);
  const stats = await (
    database.db.command({ collStats: collectionName }, endingAfter(sizeMs)) as Promise<CollectionStats>
  ).catch((thrown: unknown) => {
    // A view, which stands where an archived month was, has no size.
    if (thrown instanceof MongoServerError) return undefined;
    throw thrown;
  });
  const held = Object.entries(stats?.shards ?? {}).filter(([, { count }]) => count > 0);
  const exists = stats !== undefined && stats.totalIndexSize > 0;
  return {
    entry,
    bytes: exists ? stats.storageSize + stats.totalIndexSize : undefined,
    shards: held.map(([shard]) => shard).toSorted(),
  };
}

/** The part of the answer that is read; `shards` only on a cluster, and all zero where there is no collection. */
interface CollectionStats {
  readonly storageSize: number;
  readonly totalIndexSize: number;
  readonly shards?: Readonly<Record<string, { readonly count: number }>>;
}
