import { ChatError, type Role } from '@parlance/proto';

/** What only some may do in a room. Sending, reading and leaving are for every participant. */
export type RoomAction = 'updateRoom' | 'addParticipants' | 'removeParticipant' | 'setRole';

/** Who may do what. In a 1v1 both are participants, so nobody may do any of it. */
const allowed: Readonly<Record<RoomAction, readonly Role[]>> = {
  updateRoom: ['owner', 'admin'],
  addParticipants: ['owner', 'admin'],
  removeParticipant: ['owner', 'admin'],
  setRole: ['owner'],
};

/**
 * Refuses what a role does not allow.
 * @throws PERMISSION_DENIED.
 */
export function requirePermission(action: RoomAction, role: Role): void {
  if (!allowed[action].includes(role)) {
    throw new ChatError('PERMISSION_DENIED', { message: `${action} takes the role ${allowed[action].join(' or ')}.` });
  }
}

/** Refuses to act on somebody of one's own rank or above: only the owner removes an admin, nobody removes the owner. */
export function requireHigherRank(mine: Role, theirs: Role): void {
  const rank: Readonly<Record<Role, number>> = { participant: 0, admin: 1, owner: 2 };
  if (rank[mine] <= rank[theirs]) {
    throw new ChatError('PERMISSION_DENIED', { message: `The role ${mine} may not do this to the role ${theirs}.` });
  }
}
