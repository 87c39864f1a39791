import { createHash } from 'node:crypto';
import type { RoomId, UserId } from '@parlance/proto';

/**
 * Id of the 1v1 room of two users: the same whoever asks first, so that creating it twice finds one room. SHA-256 over
 * the sorted pair with each length before its text, which keeps ("ab","c") apart from ("a","bc").
 */
export function directRoomId(left: UserId, right: UserId): RoomId {
  const hash = createHash('sha256');
  for (const user of [left, right].toSorted()) hash.update(`${user.length}:${user}`);
  return `1v1-${hash.digest('base64url')}` as RoomId;
}
