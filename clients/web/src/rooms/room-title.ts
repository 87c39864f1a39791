import type { ChatRoom } from '@parlance/proto';
import { userName } from '../parts/user-name.js';

/** What a room is called: a 1v1 by the other user, a group by its name or else by the others in it. Pure. */
export function roomTitle(room: ChatRoom, ownId: string): string {
  const peer = roomPeer(room, ownId);
  if (peer !== undefined) return userName(peer);
  const name = room.metadata.name?.trim();
  if (name) return name;
  const others = room.participants.filter((userId) => userId !== ownId).map(userName);
  if (others.length === 0) return 'Just you';
  const unnamed = room.participantCount - 1 - 3;
  return unnamed > 0 ? `${others.slice(0, 3).join(', ')} +${unnamed}` : others.join(', ');
}

/** The other user of a 1v1; undefined for a group. */
export function roomPeer(room: ChatRoom, ownId: string): string | undefined {
  if (room.roomType !== '1v1') return undefined;
  return room.participants.find((userId) => userId !== ownId) ?? ownId;
}
