import type { GatheringClock } from '@parlance/runtime';
import { ArchivedMessages } from '../features/archive/archived-messages.js';
import { TieredMessageStore } from '../features/archive/tiered-message-store.js';
import { MongoInventoryStore } from '../features/inventory/mongo-inventory-store.js';
import { MonthPlaces } from '../features/months/month-places.js';
import { MongoReceiptStore } from '../features/receipts/mongo-receipt-store.js';
import { GatheredParticipantStore } from '../features/rooms/gathered-participant-store.js';
import { GatheredRoomStore } from '../features/rooms/gathered-room-store.js';
import { MongoParticipantStore } from '../features/rooms/mongo-participant-store.js';
import { MongoRoomEventStore } from '../features/rooms/mongo-room-event-store.js';
import { MongoRoomStore } from '../features/rooms/mongo-room-store.js';
import { LastSlots } from '../features/slots/last-slots.js';
import { LogReader } from '../features/slots/log-reader.js';
import { LogRollback } from '../features/slots/log-rollback.js';
import { RecentEnds } from '../features/slots/recent-ends.js';
import { MongoRevocationStore } from '../features/users/mongo-revocation-store.js';
import type { ChatServiceParts } from './chat-service-parts.js';

/** What reads and writes MongoDB and the archive. */
export type Stores = ReturnType<typeof assembleStores>;

/** Puts stores over the open database; `gathered` reads what may wait a moment for company. */
export function assembleStores({ database, archive, metrics, logger, now }: ChatServiceParts) {
  const gathering: GatheringClock = {
    elapsedMs: () => performance.now(),
    after: (ms, ring) => void (ms === 0 ? setImmediate(ring) : setTimeout(ring, ms)),
  };
  const rooms = new MongoRoomStore(database);
  const gatheredRooms = new GatheredRoomStore(database, gathering);
  const homes = new MonthPlaces(database, now);
  const archived = new ArchivedMessages(archive, metrics, logger);
  const messages = new TieredMessageStore(database, homes, archived);
  const reader = new LogReader(gatheredRooms, messages, new LastSlots(messages, gathering), now);
  return {
    rooms,
    participants: new MongoParticipantStore(database),
    gathered: { rooms: gatheredRooms, participants: new GatheredParticipantStore(database, gathering) },
    roomEvents: new MongoRoomEventStore(database),
    receipts: new MongoReceiptStore(database),
    inventory: new MongoInventoryStore(database),
    revocations: new MongoRevocationStore(database),
    messages,
    reader,
    recentEnds: new RecentEnds(reader, now, (result) => metrics.memoryReads.inc({ of: 'ends', result })),
    rollback: new LogRollback(rooms, messages),
  };
}
