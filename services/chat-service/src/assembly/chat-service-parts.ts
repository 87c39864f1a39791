import type { Logger, RedisClient } from '@parlance/runtime';
import type { ArchiveReader, ChatDatabase } from '@parlance/storage';
import type { ChatServiceConfig } from '../config.js';
import type { PublishingState } from '../events/publishing-state.js';
import type { MonthKeeper } from '../features/months/month-keeper.js';
import type { ChatMetrics } from '../metrics.js';

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
