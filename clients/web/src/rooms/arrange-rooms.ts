import type { RoomView } from '@parlance/client';
import { roomTitle } from './room-title.js';

/**
 * The rooms of the list: those whose title or participants contain every word of `filter` (all for an empty one), by last
 * activity, the newest first. Pure.
 */
export function arrangeRooms(rooms: Iterable<RoomView>, ownId: string, filter: string): readonly RoomView[] {
  const words = filter
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return [...rooms]
    .filter(({ room }) => {
      const text = [roomTitle(room, ownId), ...room.participants].join('\n').toLocaleLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => lastActivity(b) - lastActivity(a) || (a.room.roomId < b.room.roomId ? -1 : 1));
}

/** When something was last said in a room, or it was made: Unix milliseconds. A message on its way counts. */
export function lastActivity({ room, lastMessage, pending }: RoomView): number {
  return Math.max(room.lastMessageAt, lastMessage?.timestamp ?? 0, pending.at(-1)?.createdAt ?? 0);
}
