import { randomUUID } from 'node:crypto';
import {
  assemble,
  type CallContext,
  connectMongo,
  createChatMetrics,
  type MongoConnection,
  MonthKeeper,
  type Operations,
  PublishingState,
} from '@parlance/chat-service';
import type { UserId } from '@parlance/proto';
import { createLogger, createRedis, newTraceparent } from '@parlance/runtime';
import { ArchiveKeys, ArchiveReader, openArchiveStore } from '@parlance/storage';
import type { YearArchive } from '../year/year-archive.js';

/** One chat service in this process, on connections of its own. */
export interface Pod {
  readonly operations: Operations;
  readonly mongo: MongoConnection;
  close(): Promise<void>;
}

/** What a pod is started on. */
export interface PodContext {
  /** With the database's name. */
  readonly mongoUri: string;
  readonly redisPort: number;
  readonly archive: Pick<YearArchive, 'place' | 'keys'>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Default: one of that archive with next to no cache. */
  readonly reader?: ArchiveReader;
}

/** So little that blocks are forgotten and read again. */
const archiveCacheBytes = 2_097_152;

/** Of the pods, and of the jobs that erase. */
export const bodyHashKey = 'k'.repeat(32);

/** Rates that nobody reaches. */
const config = {
  bodyHashKey,
  sendPerUserPerSecond: 1_000_000,
  sendPerUserBurst: 1_000_000,
  sendPerRoomPerSecond: 1_000_000,
  sendPerRoomBurst: 1_000_000,
} as const;

/** Puts a chat service together without its transport; months are left to the jobs. */
export async function startPod({ mongoUri, redisPort, archive: from, now, reader }: PodContext): Promise<Pod> {
  const logger = createLogger({ name: 'pod', level: 'silent' });
  const mongo = await connectMongo(mongoUri, logger, new AbortController().signal);
  const redis = createRedis({ mode: 'single', nodes: [{ host: '127.0.0.1', port: redisPort }] }, logger, () =>
    performance.now(),
  );
  const metrics = createChatMetrics('test');
  const { database } = mongo;
  const months = new MonthKeeper(database, metrics, now);
  const publishing = new PublishingState(now);
  const keys = new ArchiveKeys(from.keys);
  const archive = reader ?? new ArchiveReader(await openArchiveStore(from.place, randomUUID), keys, archiveCacheBytes);
  const operations = assemble({ config, database, months, archive, redis, publishing, metrics, logger, now });
  return {
    operations,
    mongo,
    async close() {
      redis.disconnect();
      await mongo.close();
    },
  };
}

/** A call by a user whose deadline no jump of the clock passes. */
export function as(userId: string): CallContext {
  return { userId: userId as UserId, traceId: newTraceparent(), deadlineAt: Date.now() + 800 * 86_400_000 };
}
