import { ChatError, limits, type UserId } from '@parlance/proto';
import {
  type RoomDecision,
  type Roster,
  type RosterRole,
  rolesOf,
  type UnnumberedEvent,
  withEntered,
  withoutParticipant,
  withRole,
} from '@parlance/storage';
import { notInRoom } from '../rooms/room-cache.js';
import type { RoomSettings, WholeRoom } from '../rooms/stored-room.js';
import { type RoomAction, requireHigherRank, requirePermission } from './room-permissions.js';

/**
 * What may become of a room, decided for the room as it is and not as somebody has seen it. Pure: each throws the reason
 * why not, answers undefined when it is so already, or says what the room becomes and what is told of it.
 */
export const roomDecisions = {
  /**
   * Somebody joins an open room by themselves.
   * @throws ROOM_NOT_FOUND, ROOM_FULL.
   */
  join:
    (me: UserId): Decide =>
    (room) => {
      if (room.roster.participants.includes(me)) return undefined;
      if (room.joinRule !== 'open') throw new ChatError('ROOM_NOT_FOUND');
      return enter(room, [me]);
    },

  /**
   * Somebody leaves; who owned the room hands it on.
   * @throws ROOM_NOT_FOUND, NOT_A_PARTICIPANT, PERMISSION_DENIED.
   */
  leave:
    (me: UserId): Decide =>
    (room) => {
      roleOf(room, me);
      if (room.roomType === '1v1') throw new ChatError('PERMISSION_DENIED', { message: 'A 1v1 room cannot be left.' });
      return gone(room, me);
    },

  /**
   * Users are let in; who is in stays.
   * @throws as permitted, ROOM_FULL.
   */
  add:
    (me: UserId, userIds: ReadonlySet<UserId>): Decide =>
    (room) => {
      permit(room, me, 'addParticipants');
      const isIn = new Set(room.roster.participants);
      const newcomers = [...userIds].filter((userId) => !isIn.has(userId));
      return newcomers.length > 0 ? enter(room, newcomers) : undefined;
    },

  /**
   * Somebody of lower rank is put out.
   * @throws as permitted, INVALID_MESSAGE when that one is not in the room.
   */
  remove:
    (me: UserId, target: UserId): Decide =>
    (room) => {
      requireHigherRank(permit(room, me, 'removeParticipant'), targetIn(room, target));
      return gone(room, target);
    },

  /**
   * Somebody becomes an admin, or a participant again.
   * @throws as permitted, INVALID_MESSAGE as above.
   */
  setRole:
    (me: UserId, target: UserId, role: 'admin' | 'participant'): Decide =>
    (room) => {
      const theirs = targetIn(room, target);
      requireHigherRank(permit(room, me, 'setRole'), theirs);
      if (theirs === role) return undefined;
      return { roster: withRole(room.roster, target, role), changes: [{ kind: 'role', userId: target, role }] };
    },

  /**
   * Given fields change, others stay; what is told is the room as it is then.
   * @throws as permitted.
   */
  update:
    (me: UserId, settings: Partial<RoomSettings>): Decide =>
    (room) => {
      permit(room, me, 'updateRoom');
      const { metadata, joinRule, historyVisibility } = { ...room, ...settings };
      return { settings, changes: [{ kind: 'updated', metadata, joinRule, historyVisibility }] };
    },
} as const;

/** A room as a change of it is decided. */
export interface DecidedRoom extends WholeRoom {
  readonly roster: Roster;
}

/** What has happened in a room, without what every event has. */
export type RoomChange = Omit<UnnumberedEvent, 'by' | 'at'>;

/** What is to become of a room, and what is told of it. Undefined: it is so already. */
export type Decide = (
  room: DecidedRoom,
) => (Omit<RoomDecision, 'events'> & { readonly changes: readonly RoomChange[] }) | undefined;

function enter(room: DecidedRoom, newcomers: readonly UserId[]): ReturnType<Decide> {
  const roster = withEntered(room.roster, newcomers);
  if (roster.participants.length > limits.participants) throw new ChatError('ROOM_FULL');
  const roles = rolesOf(roster);
  const joined = newcomers.map((userId): RoomChange => {
    return { kind: 'joined', userId, role: roles.get(userId) ?? 'participant' };
  });
  return { roster, changes: [...joined, ...inherited(room, roster)] };
}

function gone(room: DecidedRoom, userId: UserId): ReturnType<Decide> {
  const roster = withoutParticipant(room.roster, userId);
  return { roster, changes: [{ kind: 'left', userId }, ...inherited(room, roster)] };
}

/** Tells of the owner whom a change of the participants has made; of a newcomer the joining tells it. */
function inherited({ roster: before }: DecidedRoom, { ownerId }: Roster): RoomChange[] {
  const heir = before.participants.find((userId) => userId === ownerId);
  return heir === undefined || heir === before.ownerId ? [] : [{ kind: 'role', userId: heir, role: 'owner' }];
}

function permit(room: DecidedRoom, me: UserId, action: RoomAction): RosterRole {
  const mine = roleOf(room, me);
  requirePermission(action, mine);
  return mine;
}

function roleOf(room: DecidedRoom, userId: UserId): RosterRole {
  const role = rolesOf(room.roster).get(userId);
  if (!role) throw notInRoom(room);
  return role;
}

function targetIn(room: DecidedRoom, userId: UserId): RosterRole {
  const role = rolesOf(room.roster).get(userId);
  if (!role) throw new ChatError('INVALID_MESSAGE', { message: 'userId is not a participant of this room' });
  return role;
}
