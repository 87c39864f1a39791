import { setTimeout as delay } from 'node:timers/promises';
import { MarkReader } from '../features/receipts/mark-reader.js';
import { OwnPlaces } from '../features/receipts/own-places.js';
import { ReceiptAnnouncer } from '../features/receipts/receipt-announcer.js';
import { ReceiptBook } from '../features/receipts/receipt-book.js';
import { RoomCache } from '../features/rooms/room-cache.js';
import type { Announcers } from './assemble-announcers.js';
import type { Log } from './assemble-log.js';
import type { Stores } from './assemble-stores.js';
import type { ChatServiceParts } from './chat-service-parts.js';

/** Between two writes of receipts. */
const receiptBatchMs = 250;

/** What this pod remembers of rooms and marks. */
export type Views = ReturnType<typeof assembleViews>;

/** Puts together what this pod remembers: all of it is forgotten where the log of a room is another one. */
export function assembleViews(
  { metrics, now }: ChatServiceParts,
  { gathered: { rooms, participants }, receipts: store, recentEnds }: Stores,
  { publisher, offline }: Announcers,
  { log }: Log,
) {
  const marks = new MarkReader(participants, now, (result) => metrics.memoryReads.inc({ of: 'marks', result }));
  const receipts = new ReceiptBook(
    {
      raise: async (raised) => {
        const at = now();
        await store.raise(raised, at);
        for (const each of raised) marks.raised(each, at);
      },
      nextWrite: async (lastAt) => {
        await delay(Math.max(0, Math.min(receiptBatchMs, lastAt + receiptBatchMs - now())));
      },
      raised: (all) => announcer.raised(all),
    },
    now,
  );
  const places = new OwnPlaces(participants, receipts);
  const roomCache = new RoomCache(rooms, places, now, (roomId) => {
    log.forget(roomId);
    for (const part of [receipts, marks, offline, recentEnds]) part.forgetRoom(roomId);
  });
  const announcer = new ReceiptAnnouncer(roomCache, publisher, offline);
  return { marks, receipts, places, roomCache };
}
