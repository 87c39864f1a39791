import { ArchivedMessages } from '../features/archive/archived-messages.js';
import { TieredMessageStore } from '../features/archive/tiered-message-store.js';
import { MonthPlaces } from '../features/months/month-places.js';
import { MongoReceiptStore } from '../features/receipts/mongo-receipt-store.js';
import { MongoParticipantStore } from '../features/rooms/mongo-participant-store.js';
import { MongoRoomEventStore } from '../features/rooms/mongo-room-event-store.js';
import { MongoRoomStore } from '../features/rooms/mongo-room-store.js';
import { LogReader } from '../features/slots/log-reader.js';
import { LogRollback } from '../features/slots/log-rollback.js';
import { MongoRevocationStore } from '../features/users/mongo-revocation-store.js';
import type { ChatServiceParts } from './chat-service-parts.js';

/** What reads and writes MongoDB and the archive. */
export type Stores = ReturnType<typeof assembleStores>;

/** Puts stores over the open database. */
export function assembleStores({ database, archive, metrics, logger, now }: ChatServiceParts) {
  const rooms = new MongoRoomStore(database);
  const homes = new MonthPlaces(database, now);
  const archived = new ArchivedMessages(archive, metrics, logger);
  const messages = new TieredMessageStore(database, homes, archived);
  return {
    rooms,
    participants: new MongoParticipantStore(database),
    roomEvents: new MongoRoomEventStore(database),
    receipts: new MongoReceiptStore(database),
    revocations: new MongoRevocationStore(database),
    messages,
    reader: new LogReader(rooms, messages, now),
    rollback: new LogRollback(rooms, messages),
  };
}
