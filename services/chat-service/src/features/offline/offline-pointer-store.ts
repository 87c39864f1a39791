import type { KeyedCommands } from '@parlance/runtime';
import { offlinePointersOfUser, offlineTtlSeconds, redisKeys } from '../../events/redis-keys.js';
import type { RedisWrites } from '../../events/redis-writes.js';
import { offlinePointerScript } from './offline-pointer-script.js';

/**
 * Pointers of absent users in Redis; nothing is told to anybody (R14: pointers are for push). Writes are not awaited,
 * and not certain.
 */
export class OfflinePointerStore {
  constructor(
    private readonly redis: RedisWrites,
    private readonly now: () => number,
  ) {}

  /** Writes pointers, each in place of the one of its user and room. */
  put(pointers: readonly OfflinePointer[]): void {
    const at = this.now();
    const groups = pointers.map(({ userId, roomId, from, to }): KeyedCommands => {
      const key = redisKeys.offline(userId);
      const bounds = [offlineTtlSeconds, offlinePointersOfUser];
      return { key, commands: [['eval', offlinePointerScript, 1, key, roomId, `${from} ${to} ${at}`, ...bounds]] };
    });
    this.redis.send(groups);
  }

  /** Nothing waits for these users in these rooms any more. */
  remove(places: readonly Pick<OfflinePointer, 'userId' | 'roomId'>[]): void {
    const groups = places.map(({ userId, roomId }): KeyedCommands => {
      const key = redisKeys.offline(userId);
      return { key, commands: [['hdel', key, roomId]] };
    });
    this.redis.send(groups);
  }
}

/**
 * Messages of one room that wait for a user who is away: ids `from` to `to`. Their texts stay in the log (R14: pointers
 * are for push).
 */
export interface OfflinePointer {
  readonly userId: string;
  readonly roomId: string;
  readonly from: number;
  readonly to: number;
}
