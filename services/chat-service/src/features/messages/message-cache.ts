import type { WireMessage } from '@parlance/proto';
import type { RedisClient } from '@parlance/runtime';
import { redisKeys } from '../../events/redis-keys.js';
import type { ChatMetrics } from '../../metrics.js';
import { fromMessageJson } from './message.mapper.js';
import type { IdRange } from './message-store.js';

/** Messages a room keeps in the cache. */
export const cachedMessages = 200;

/**
 * The newest messages of a room in Redis (`chat:room:{roomId}:messages`, a sorted set by message id). Written after the
 * commit, so everything in it is true; anything may be missing from it at any time (R1), so a range counts only whole.
 */
export class MessageCache {
  constructor(
    private readonly redis: RedisClient,
    private readonly metrics: Pick<ChatMetrics, 'cacheReads'>,
  ) {}

  /** The messages of a range, ascending, if the cache has every one of them; else undefined. Never rejects. */
  async range(roomId: string, range: IdRange): Promise<readonly WireMessage[] | undefined> {
    const messages = await this.#read(roomId, range);
    const whole =
      messages.length === range.to - range.from + 1 &&
      messages.every(({ messageId }, index) => messageId === range.from + index);
    this.metrics.cacheReads.inc({ result: whole ? 'hit' : 'miss' });
    return whole ? messages : undefined;
  }

  /** Empties it of a room. Never rejects. */
  async forget(roomId: string): Promise<void> {
    if (this.redis.status !== 'ready') return;
    await this.redis.unlink(redisKeys.messages(roomId)).catch(() => undefined); // What stays is gone a day later.
  }

  async #read(roomId: string, { from, to }: IdRange): Promise<WireMessage[]> {
    if (to - from >= cachedMessages || this.redis.status !== 'ready') return [];
    try {
      return (await this.redis.zrangebyscore(redisKeys.messages(roomId), from, to)).map(fromMessageJson);
    } catch {
      return []; // A miss: the log answers. The state of the connection is logged where it changes.
    }
  }
}
