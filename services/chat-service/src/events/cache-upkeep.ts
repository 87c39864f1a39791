import type { RedisCommand } from '@parlance/runtime';
import { cachedMessages, cacheTtlSeconds, redisKeys } from './redis-keys.js';

/** What a write leaves to do is done this often while a room talks, milliseconds. */
const everyMs = 1_000;

/**
 * What a room's keys in Redis need now and then and not with each message: the cache is cut to its newest messages, its
 * life is prolonged, the hint of the head is set. Done with the first message after a silence, once a second while the
 * room talks, and once more when it has fallen silent.
 */
export class CacheUpkeep {
  private readonly rooms = new Map<string, { at: number; key: string; head: number; isDue: boolean }>();

  /** Messages up to `head` are put into the cache of this key: what is to be done with it now. `now` in milliseconds. */
  written(roomId: string, key: string, head: number, now: number): readonly RedisCommand[] {
    const known = this.rooms.get(roomId);
    if (known?.key === key && now - known.at < everyMs) {
      known.head = head;
      known.isDue = true;
      return [];
    }
    const room = { at: now, key, head, isDue: false };
    this.rooms.set(roomId, room);
    return commandsFor(roomId, room);
  }

  /** The room has fallen silent: what is left to do, with the key of the cache; undefined when nothing is. */
  silent(roomId: string): { readonly key: string; readonly commands: readonly RedisCommand[] } | undefined {
    const room = this.rooms.get(roomId);
    this.rooms.delete(roomId);
    return room?.isDue ? { key: room.key, commands: commandsFor(roomId, room) } : undefined;
  }
}

function commandsFor(roomId: string, { key, head }: { readonly key: string; readonly head: number }): RedisCommand[] {
  return [
    ['zremrangebyrank', key, 0, -cachedMessages - 1],
    ['expire', key, cacheTtlSeconds],
    ['set', redisKeys.head(roomId), head, 'EX', cacheTtlSeconds],
  ];
}
