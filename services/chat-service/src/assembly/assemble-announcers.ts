import { writeByNode } from '@parlance/runtime';
import { EventPublisher } from '../events/event-publisher.js';
import { RedisWrites } from '../events/redis-writes.js';
import { BusyRooms } from '../features/busy-rooms/busy-rooms.js';
import { OfflinePointerStore } from '../features/offline/offline-pointer-store.js';
import { OfflinePointers } from '../features/offline/offline-pointers.js';
import type { Stores } from './assemble-stores.js';
import type { ChatServiceParts } from './chat-service-parts.js';

/** What tells of that which was stored. */
export type Announcers = ReturnType<typeof assembleAnnouncers>;

/** Puts together what tells those present, finds out who is absent, and where most is said. */
export function assembleAnnouncers(
  { redis, publishing, metrics, now }: ChatServiceParts,
  { participants }: Pick<Stores, 'participants'>,
) {
  const writes = new RedisWrites(
    async (groups) => publishing.note(await writeByNode(redis, groups)),
    metrics,
    () => performance.now(),
  );
  const publisher = new EventPublisher(writes, now);
  // What was published last may have gone to a server that is no longer the primary.
  redis.on('ready', () => publisher.repeatHeads('recent'));
  const offline = new OfflinePointers(participants, new OfflinePointerStore(writes, now), metrics, now);
  return { publisher, offline, busy: new BusyRooms(now) };
}
