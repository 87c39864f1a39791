import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { limits as protocolLimits, type RoomId } from '@parlance/proto';
import { backoffMs, type Logger, type RedisClient, writeByNode } from '@parlance/runtime';
import { type ArchiveReader, type ChatDatabase, erasedClientId } from '@parlance/storage';
import type { ChatServiceConfig } from './config.js';
import { EventPublisher } from './events/event-publisher.js';
import type { PublishingState } from './events/publishing-state.js';
import { ArchivedMessages } from './features/archive/archived-messages.js';
import { TieredMessageStore } from './features/archive/tiered-message-store.js';
import { createOperations, type Operations } from './features/calls/operations.js';
import { HistoryService } from './features/history/history.service.js';
import { HistoryReader } from './features/history/history-reader.js';
import { MessageCache } from './features/history/message-cache.js';
import { MessageLog } from './features/log/message-log.js';
import { SegmentChain } from './features/log/segment-chain.js';
import { MembershipService } from './features/membership/membership.service.js';
import { RoomAdminService } from './features/membership/room-admin.service.js';
import { RoomChanges } from './features/membership/room-changes.js';
import { bodyHash } from './features/messages/body-hash.js';
import { MessagesService } from './features/messages/messages.service.js';
import { SendLimits } from './features/messages/send-limits.js';
import type { MonthKeeper } from './features/months/month-keeper.js';
import { MonthPlaces } from './features/months/month-places.js';
import { OfflinePointers } from './features/offline/offline-pointers.js';
import { RoomPolicyService } from './features/policy/room-policy.service.js';
import { MarkReader } from './features/receipts/mark-reader.js';
import { MongoReceiptStore } from './features/receipts/mongo-receipt-store.js';
import { OwnPlaces } from './features/receipts/own-places.js';
import { ReceiptBook } from './features/receipts/receipt-book.js';
import { ReceiptsService } from './features/receipts/receipts.service.js';
import { RoomHeadsService } from './features/room-lists/room-heads.service.js';
import { RoomsService } from './features/room-lists/rooms.service.js';
import { MongoParticipantStore } from './features/rooms/mongo-participant-store.js';
import { MongoRoomEventStore } from './features/rooms/mongo-room-event-store.js';
import { MongoRoomStore } from './features/rooms/mongo-room-store.js';
import { RoomCache } from './features/rooms/room-cache.js';
import { LogReader } from './features/slots/log-reader.js';
import { LogRollback } from './features/slots/log-rollback.js';
import { TypingService } from './features/typing/typing.service.js';
import { MongoRevocationStore } from './features/users/mongo-revocation-store.js';
import { RevocationsService } from './features/users/revocations.service.js';
import type { ChatMetrics } from './metrics.js';

/** Between two writes of receipts. */
const receiptBatchMs = 250;

/** A timer's delay ends here; whoever wants a later time sets it again. */
const longestAlarmMs = 60_000;

/** Puts services over stores over the open connections; nowhere else is any of them made. */
export function assemble(parts: ChatServiceParts): Operations {
  const { config, database, months, redis, publishing, metrics, logger, now } = parts;
  const rooms = new MongoRoomStore(database);
  const participants = new MongoParticipantStore(database);
  const homes = new MonthPlaces(database, now);
  const archived = new ArchivedMessages(parts.archive, { metrics, logger });
  const messages = new TieredMessageStore(database, homes, archived);
  const roomEvents = new MongoRoomEventStore(database);
  const receiptStore = new MongoReceiptStore(database);
  const marks = new MarkReader(participants, now);
  const reader = new LogReader(rooms, messages, now);
  const cache = new MessageCache(redis, metrics);
  const rollback = new LogRollback(rooms, messages);
  const publisher = new EventPublisher(
    async (groups) => publishing.note(await writeByNode(redis, groups)),
    metrics,
    now,
  );
  // What was published last may have gone to a server that is no longer the primary.
  redis.on('ready', () => publisher.repeatHeads('recent'));
  const offline = new OfflinePointers({
    now,
    behind: (asked) => participants.behind(asked),
    put: (pointers) => publisher.putOffline(pointers),
    remove: (places) => publisher.removeOffline(places),
    depth: (waiting) => metrics.offlineQueue.set(waiting),
  });
  const receipts = new ReceiptBook({
    now,
    raise: async (raised) => {
      const at = now();
      await receiptStore.raise(raised, at);
      for (const each of raised) marks.raised(each, at);
    },
    nextWrite: async (lastAt) => {
      await delay(Math.max(0, Math.min(receiptBatchMs, lastAt + receiptBatchMs - now())));
    },
    raised: (mark, before, how) => {
      offline.reported(mark, before);
      if (how === 'sent') return;
      const participants = roomCache.fresh(mark.roomId as RoomId)?.participants.size ?? 0;
      const only = participants > protocolLimits.namedReaders;
      if (mark.read > Math.max(0, before.read)) publisher.receipt('read', mark, mark.read, only);
      if (mark.delivered > Math.max(mark.read, before.delivered))
        publisher.receipt('delivered', mark, mark.delivered, only);
    },
  });
  const places = new OwnPlaces(participants, receipts);
  const roomCache = new RoomCache(rooms, places, now, (roomId) => {
    log.forget(roomId);
    for (const part of [receipts, marks, offline]) part.forgetRoom(roomId);
  });
  const log = new MessageLog(messages, new SegmentChain(rooms, messages, months, now), {
    now,
    backoff: async (retries) => {
      metrics.retries.inc();
      await delay(backoffMs(retries + 1, { firstMs: 20, capMs: 1_000 }));
    },
    alarm: (at, ring) => void setTimeout(ring, Math.min(Math.max(at - now(), 1), longestAlarmMs)).unref(),
    committed: (roomId, committed) => {
      metrics.messagesStored.inc(committed.length);
      publisher.messages(roomId, committed);
      offline.committed(roomId, committed);
    },
    batch: (size) => metrics.insertBatch.observe(size),
  });
  const limits = new SendLimits(
    {
      user: { perSecond: config.sendPerUserPerSecond, burst: config.sendPerUserBurst },
      room: { perSecond: config.sendPerRoomPerSecond, burst: config.sendPerRoomBurst },
    },
    () => performance.now(),
  );
  setInterval(() => {
    publishing.look();
    publisher.repeatHeads('due');
    offline.look().catch((error: unknown) => logger.warn({ err: error }, 'absent users could not be looked for'));
  }, 1_000).unref();
  setInterval(() => {
    for (const part of [log, roomCache, receipts]) part.forgetIdle();
    marks.forgetOld();
  }, 60_000).unref();
  const changes = new RoomChanges({ rooms, participants, events: roomEvents, roomCache, log: reader, publisher, now });
  const newRoomId = (): RoomId => randomUUID() as RoomId;
  return createOperations({
    messages: new MessagesService({
      roomCache,
      log,
      limits,
      receipts,
      hashBody: (body) => bodyHash(body, config.bodyHashKey),
      newClientMessageId: randomUUID,
      erasedName: (name) => erasedClientId(name, config.bodyHashKey),
    }),
    history: new HistoryService(roomCache, new HistoryReader(reader, cache), marks, roomEvents, rollback),
    receipts: new ReceiptsService(roomCache, reader, receipts),
    rooms: new RoomsService(roomCache, places, reader, metrics),
    heads: new RoomHeadsService(reader, roomEvents, rollback),
    membership: new MembershipService({ rooms, participants, roomCache, changes, months, publisher, now, newRoomId }),
    admin: new RoomAdminService(roomCache, changes),
    policies: new RoomPolicyService(rooms, now),
    typing: new TypingService(roomCache, publisher),
    revocations: new RevocationsService(new MongoRevocationStore(database), publisher, now),
  });
}

/** What the process has opened before the application is put together. */
export interface ChatServiceParts {
  readonly config: Pick<
    ChatServiceConfig,
    'bodyHashKey' | 'sendPerUserPerSecond' | 'sendPerUserBurst' | 'sendPerRoomPerSecond' | 'sendPerRoomBurst'
  >;
  readonly database: ChatDatabase;
  readonly months: MonthKeeper;
  /** Reads archived months; without it they are answered with ARCHIVE_UNAVAILABLE. */
  readonly archive?: Pick<ArchiveReader, 'openMonth'> | undefined;
  readonly redis: RedisClient;
  readonly publishing: PublishingState;
  readonly metrics: ChatMetrics;
  readonly logger: Logger;
  /** Unix milliseconds. */
  now(): number;
}
