import type { ChatRoom } from '@parlance/proto';

/** The room names all its participants; one from a list may name only some of them. Pure. */
export function namesAll({
  participants,
  participantCount,
}: Pick<ChatRoom, 'participants' | 'participantCount'>): boolean {
  return participants.length >= participantCount;
}

/**
 * The room with people in it, or no longer. Where all are named it may be told twice; where only some are, it has to be
 * the room's next event (`counts`), or the number of participants is left to the events that follow. Pure.
 */
export function withMembers(
  room: ChatRoom,
  kind: 'joined' | 'left',
  userIds: readonly string[],
  counts: boolean,
): ChatRoom {
  return userIds.reduce((before, userId) => withMember(before, kind, userId, counts), room);
}

function withMember(room: ChatRoom, kind: 'joined' | 'left', userId: string, counts: boolean): ChatRoom {
  const isNamed = room.participants.includes(userId);
  if (kind === 'joined') {
    if (isNamed || !(counts || namesAll(room))) return room;
    const participants = [...room.participants, userId];
    return { ...room, participants, participantCount: room.participantCount + 1 };
  }
  if (!isNamed && namesAll(room)) return room;
  const participants = isNamed ? room.participants.filter((other) => other !== userId) : room.participants;
  return { ...room, participants, participantCount: room.participantCount - (counts || namesAll(room) ? 1 : 0) };
}
