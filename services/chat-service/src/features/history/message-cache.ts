import type { WireMessage } from '@parlance/proto';
import type { RedisClient } from '@parlance/runtime';
import { cachedMessages, redisKeys } from '../../events/redis-keys.js';
import type { ChatMetrics } from '../../metrics.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import { fromMessageJson } from '../slots/message.mapper.js';
import type { IdRange } from '../slots/message-store.js';

/**
 * The newest messages of a room in Redis (`chat:room:{roomId}:messages`, a sorted set by message id). Written after the
 * commit, so everything in it is true; anything may be missing from it at any time (R1: Redis may lose everything), so
 * a range counts only whole. Each epoch of a log has a key of its own: behind a restored backup nothing of the log
 * before is found.
 */
export class MessageCache {
  constructor(
    private readonly redis: RedisClient,
    private readonly metrics: Pick<ChatMetrics, 'cacheReads'>,
  ) {}

  /** The messages of a range, ascending, if the cache has every one of them; else undefined. Never rejects. */
  async range(room: CachedLog, range: IdRange): Promise<readonly WireMessage[] | undefined> {
    const messages = await this.read(room, range);
    const whole =
      messages.length === range.to - range.from + 1 &&
      messages.every(({ messageId }, index) => messageId === range.from + index);
    this.metrics.cacheReads.inc({ result: whole ? 'hit' : 'miss' });
    return whole ? messages : undefined;
  }

  private async read({ roomId, epoch }: CachedLog, { from, to }: IdRange): Promise<WireMessage[]> {
    if (to - from >= cachedMessages || this.redis.status !== 'ready') return [];
    try {
      return (await this.redis.zrangebyscore(redisKeys.messages(roomId, epoch), from, to)).map(fromMessageJson);
    } catch {
      return []; // A miss: the log answers. The state of the connection is logged where it changes.
    }
  }
}

/** Whose messages, in which epoch of its log. */
export type CachedLog = Pick<StoredRoom, 'roomId' | 'epoch'>;
