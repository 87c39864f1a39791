import type { ChatRoom, Role } from '@parlance/proto';

/**
 * What the own role allows in a room, by the table of docs/protocol.md: an owner everything, an admin all but roles, a
 * participant only to leave; nothing in a 1v1. The server decides; this only hides what it would refuse. Pure.
 */
export function memberRights(room: Pick<ChatRoom, 'roomType' | 'role'>): MemberRights {
  const isGroup = room.roomType === 'group';
  const manages = isGroup && (room.role === 'owner' || room.role === 'admin');
  return { canRename: manages, canAdd: manages, canSetRoles: isGroup && room.role === 'owner', canLeave: isGroup };
}

/** See {@link memberRights}. */
export interface MemberRights {
  readonly canRename: boolean;
  readonly canAdd: boolean;
  readonly canSetRoles: boolean;
  readonly canLeave: boolean;
}

/** True when the own role may remove a member of `role`: an owner anybody, an admin whoever is no more than a participant. */
export function canRemove(room: Pick<ChatRoom, 'roomType' | 'role'>, role: Role | undefined): boolean {
  if (room.roomType !== 'group' || role === 'owner') return false;
  return room.role === 'owner' || (room.role === 'admin' && role !== 'admin');
}
