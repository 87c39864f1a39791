import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@parlance/runtime';
import { GroupCommit } from '../features/commit/group-commit.js';
import type { LogClock } from '../features/log/log-clock.js';
import { MessageLog } from '../features/log/message-log.js';
import { SealedSegments } from '../features/log/sealed-segments.js';
import { SegmentChain } from '../features/log/segment-chain.js';
import { LimitedLog } from '../features/messages/limited-log.js';
import { SendIdentity } from '../features/messages/send-identity.js';
import { SendLimits } from '../features/messages/send-limits.js';
import { KnownHeads } from '../features/receipts/known-heads.js';
import type { Announcers } from './assemble-announcers.js';
import type { Stores } from './assemble-stores.js';
import type { ChatServiceParts } from './chat-service-parts.js';

/** A timer's delay ends here; whoever wants a later time sets it again. */
const longestAlarmMs = 60_000;

/** The writing end of the log. */
export type Log = ReturnType<typeof assembleLog>;

/** Puts the writing end of the log over its stores. */
export function assembleLog(
  { config, metrics, months, now }: ChatServiceParts,
  { rooms, messages, reader, recentEnds }: Stores,
  { publisher, offline, busy }: Announcers,
) {
  const clock: LogClock = {
    now,
    backoff: async (retries) => {
      metrics.retries.inc();
      await delay(backoffMs(retries + 1, { firstMs: 20, capMs: 1_000 }));
    },
    alarm: (at, ring) => void setTimeout(ring, Math.min(Math.max(at - now(), 1), longestAlarmMs)).unref(),
  };
  const sealed = new SealedSegments(messages, now);
  const commit = new GroupCommit(
    (month, slots, ordered) => {
      metrics.insertBatch.observe(slots.length);
      return messages.insert(month, slots, ordered);
    },
    { elapsedMs: () => performance.now(), after: (ms, ring) => void setTimeout(ring, ms) },
    { sharesOrdered: () => !months.isOnCluster },
  );
  const heads = new KnownHeads(reader);
  const log = new MessageLog(clock, new SegmentChain(rooms, messages, sealed, months), commit, (roomId, committed) => {
    metrics.messagesStored.inc(committed.length);
    busy.committed(roomId, committed.length);
    const newest = committed.at(-1)?.slot;
    if (newest) recentEnds.committed(roomId, newest.messageId, newest.timestamp);
    publisher.messages(roomId, committed);
    heads.committed(roomId, committed);
    offline.committed(roomId, committed);
  });
  const limits = new SendLimits(
    {
      user: { perSecond: config.sendPerUserPerSecond, burst: config.sendPerUserBurst },
      room: { perSecond: config.sendPerRoomPerSecond, burst: config.sendPerRoomBurst },
    },
    () => performance.now(),
  );
  return {
    log,
    heads,
    limited: new LimitedLog(log, limits),
    identity: new SendIdentity(messages, sealed, config.bodyHashKey, randomUUID),
  };
}
