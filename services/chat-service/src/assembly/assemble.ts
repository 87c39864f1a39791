import { randomUUID } from 'node:crypto';
import { everyBeat } from '@parlance/runtime';
import { BusyRoomsService } from '../features/busy-rooms/busy-rooms.service.js';
import { createOperations, type Operations } from '../features/calls/operations.js';
import { HistoryService } from '../features/history/history.service.js';
import { HistoryReader } from '../features/history/history-reader.js';
import { MessageCache } from '../features/history/message-cache.js';
import { SharedMessages } from '../features/history/shared-messages.js';
import { VisiblePages } from '../features/history/visible-pages.js';
import { InventoryService } from '../features/inventory/inventory.service.js';
import { MessagesService } from '../features/messages/messages.service.js';
import { RoomPolicyService } from '../features/policy/room-policy.service.js';
import { ReceiptsService } from '../features/receipts/receipts.service.js';
import { RoomHeadsService } from '../features/room-lists/room-heads.service.js';
import { RoomsService } from '../features/room-lists/rooms.service.js';
import { toWireMessage } from '../features/slots/message.mapper.js';
import { TypingService } from '../features/typing/typing.service.js';
import { RevocationsService } from '../features/users/revocations.service.js';
import { type Announcers, assembleAnnouncers } from './assemble-announcers.js';
import { assembleLog, type Log } from './assemble-log.js';
import { assembleMembership } from './assemble-membership.js';
import { assembleStores } from './assemble-stores.js';
import { assembleViews, type Views } from './assemble-views.js';
import type { ChatServiceParts } from './chat-service-parts.js';

/** Puts services over stores over the open connections; nowhere else is any of them made. */
export function assemble(parts: ChatServiceParts): Operations {
  const stores = assembleStores(parts);
  const announcers = assembleAnnouncers(parts, stores);
  const log = assembleLog(parts, stores, announcers);
  const views = assembleViews(parts, stores, announcers, log);
  const { redis, metrics, now } = parts;
  const { rooms, roomEvents, reader, recentEnds, rollback } = stores;
  const { roomCache, receipts, marks, places } = views;
  const cache = new MessageCache(redis, metrics);
  const shared = new SharedMessages(
    async (room, range, ahead, deadlineAt) =>
      (await cache.range(room, range)) ??
      (await reader.range(room, range, deadlineAt, ahead)).map((slot) => toWireMessage(slot)),
    now,
    (result) => metrics.memoryReads.inc({ of: 'messages', result }),
  );
  const history = new HistoryReader(reader, recentEnds, shared);
  keepUp(parts, announcers, log, views, [marks, recentEnds, history]);
  const pages = new VisiblePages(roomCache, history, marks, metrics);
  return createOperations({
    messages: new MessagesService(roomCache, log.identity, log.limited, receipts),
    history: new HistoryService(roomCache, pages, roomEvents, rollback),
    receipts: new ReceiptsService(roomCache, log.heads, receipts),
    rooms: new RoomsService(roomCache, places, reader, metrics),
    heads: new RoomHeadsService(reader, roomEvents, rollback),
    ...assembleMembership(parts, stores, announcers, roomCache),
    policies: new RoomPolicyService(rooms, now),
    busy: new BusyRoomsService(announcers.busy, randomUUID()),
    typing: new TypingService(roomCache, announcers.publisher),
    inventory: new InventoryService(stores.inventory, now),
    revocations: new RevocationsService(stores.revocations, announcers.publisher, now),
  });
}

/** What is due again and again: heads that are told once more, users who turn out to be absent, what may be forgotten. */
function keepUp(
  { publishing, logger }: ChatServiceParts,
  { publisher, offline }: Announcers,
  { log }: Log,
  { roomCache, receipts }: Views,
  remembered: readonly { forgetOld(): void }[],
): void {
  everyBeat(1_000, () => {
    publishing.look();
    publisher.repeatHeads('due');
    offline.look().catch((error: unknown) => logger.warn({ err: error }, 'absent users could not be looked for'));
  });
  everyBeat(60_000, () => {
    for (const part of [log, roomCache, receipts]) part.forgetIdle();
    for (const part of remembered) part.forgetOld();
  });
}
