import type { Collection, Document, IndexDescription } from 'mongodb';
import type { ChatDatabase } from './chat-database.js';
import { messageIndexes } from './message-document.js';
import type { MonthYear } from './month.js';
import { monthIndexes } from './month-document.js';
import { participantIndexes } from './participant-document.js';
import { revocationIndexes } from './revocation-document.js';
import { roomIndexes } from './room-document.js';
import { roomEventIndexes } from './room-event-document.js';

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
  await createIndexed(database.messages(month), messageIndexes);
  await database.months.updateOne(
    { monthYear: month },
    { $setOnInsert: { state: 'OPEN', tier: 'hot', epoch: 1 } },
    { upsert: true, writeConcern: { w: 'majority' } },
  );
}

async function createIndexed<Shape extends Document>(
  collection: Collection<Shape>,
  indexes: readonly { readonly key: Readonly<Record<string, unknown>>; readonly name: string }[],
): Promise<void> {
  await collection.createIndexes(indexes as unknown as IndexDescription[], { commitQuorum: 'majority' });
}
