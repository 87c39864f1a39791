import type { Role } from '@parlance/proto';

const roles = new Map<string, Role>();

/**
 * The role of somebody else in a room, as far as this window knows: the server tells everyone their own role only, so it
 * is what was set from here since the page was loaded.
 */
export function knownRole(roomId: string, userId: string): Role | undefined {
  return roles.get(`${roomId} ${userId}`);
}

/** Notes a role that the server has accepted. */
export function rememberRole(roomId: string, userId: string, role: Role): void {
  roles.set(`${roomId} ${userId}`, role);
}
