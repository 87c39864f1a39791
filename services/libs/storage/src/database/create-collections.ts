import type { Collection, Document, IndexDescription } from 'mongodb';
import { messageIndexes } from '../documents/message-document.js';
import { type MonthYear, messageCollectionName } from '../documents/month.js';
import { monthIndexes } from '../documents/month-document.js';
import { participantIndexes } from '../documents/participant-document.js';
import { revocationIndexes } from '../documents/revocation-document.js';
import { roomIndexes } from '../documents/room-document.js';
import { roomEventIndexes } from '../documents/room-event-document.js';
import type { ChatDatabase } from './chat-database.js';
import { durable } from './command-options.js';
import { monthShardKey } from './month-sharding.js';

/**
 * Creates every collection but the months' with its indexes where it is missing. Repeating it changes
 * nothing. For an unsharded database; in a cluster the jobs do it, sharded.
 */
export async function createCollections(database: ChatDatabase): Promise<void> {
  await createIndexed(database.rooms, roomIndexes);
  await createIndexed(database.participants, participantIndexes);
  await createIndexed(database.roomEvents, roomEventIndexes);
  await createIndexed(database.revocations, revocationIndexes);
  await createIndexed(database.months, monthIndexes);
}

/**
 * Creates a month's message collection with its indexes, then registers it as `OPEN`. Repeating it changes nothing, and
 * a month that was sealed stays sealed. The order matters: nobody writes to a month that is not registered, so no
 * message ever meets a collection without its unique indexes.
 */
export async function createMonth(database: ChatDatabase, month: MonthYear): Promise<void> {
  await createMonthCollection(database, month, messageIndexes);
  await registerMonth(database, month);
}

/**
 * Creates a month's message collection with its indexes where it or one of them is missing. In a cluster give it
 * {@link shardedMessageIndexes}; it does not shard the collection.
 */
export async function createMonthCollection(
  database: ChatDatabase,
  month: MonthYear,
  indexes: readonly MonthIndex[],
): Promise<void> {
  await createIndexed(database.messages(month), indexes);
}

/** Registers a month as `OPEN` with the UUID of its collection, which has to stand; one that is registered stays as it is. */
export async function registerMonth(database: ChatDatabase, month: MonthYear): Promise<void> {
  const [found] = await database.db.listCollections({ name: messageCollectionName(month) }).toArray();
  const collectionUUID = found && 'info' in found ? found.info?.uuid : undefined;
  await database.months.updateOne(
    { monthYear: month },
    { $setOnInsert: { state: 'OPEN', tier: 'hot', epoch: 1, ...(collectionUUID ? { collectionUUID } : {}) } },
    { ...durable(), upsert: true },
  );
}

/** An index of a monthly collection. */
export type MonthIndex = (typeof shardedMessageIndexes)[number];

/** Indexes of a monthly collection in a cluster: the shard key needs one of its own. */
export const shardedMessageIndexes = [...messageIndexes, { key: monthShardKey, name: 'shard_key' }] as const;

async function createIndexed<Shape extends Document>(
  collection: Collection<Shape>,
  indexes: readonly { readonly key: Readonly<Record<string, unknown>>; readonly name: string }[],
): Promise<void> {
  await collection.createIndexes(indexes as unknown as IndexDescription[], { commitQuorum: 'majority' });
}
