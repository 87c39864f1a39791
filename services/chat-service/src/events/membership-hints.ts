import type { KeyedCommands } from '@parlance/runtime';
import { cacheTtlSeconds, redisKeys } from './redis-keys.js';

/** The commands that note a change of membership in the hints of the room and of its users. */
export function membershipHints(
  change: 'sadd' | 'srem',
  roomId: string,
  userIds: readonly string[],
): readonly KeyedCommands[] {
  const noted = (key: string, members: readonly string[]): KeyedCommands => ({
    key,
    commands: [
      [change, key, ...members],
      ['expire', key, cacheTtlSeconds],
    ],
  });
  return [
    noted(redisKeys.participants(roomId), userIds),
    ...userIds.map((userId) => noted(redisKeys.rooms(userId), [roomId])),
  ];
}
