import type { RoomId, WireRoom, wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId, checkUserId, invalid } from '../../requests/check-ids.js';
import type { RoomCache } from '../rooms/room-cache.js';
import { describe } from './current-rooms.js';
import type { RoomChanges } from './room-changes.js';
import { type Decide, roomDecisions } from './room-decisions.js';
import { checkRoomChange } from './room-requests.js';

/** What owners and admins do: what a room shows, who is in it, who may do what. */
export class RoomAdminService {
  constructor(
    private readonly roomCache: RoomCache,
    private readonly changes: RoomChanges,
  ) {}

  /** Changes what the room shows of itself, who may join and what newcomers see. Absent fields stay. */
  async updateRoom(context: CallContext, request: wire.UpdateRoomRequest): Promise<wire.UpdateRoomResponse> {
    const roomId = await this.roomOf(context, request.roomId);
    const given = checkRoomChange(request);
    return this.change(context, roomId, roomDecisions.update(context.userId, given));
  }

  /**
   * Lets users in; who is in already stays as they are.
   * @throws ROOM_FULL.
   */
  async addParticipants(
    context: CallContext,
    request: wire.AddParticipantsRequest,
  ): Promise<wire.AddParticipantsResponse> {
    const roomId = await this.roomOf(context, request.roomId);
    const named = new Set(request.userIds.map((userId) => checkUserId(userId, 'userIds')));
    if (named.size === 0) throw invalid('userIds is empty');
    return this.change(context, roomId, roomDecisions.add(context.userId, named));
  }

  /**
   * Removes somebody of lower rank. Within two seconds no pod accepts a message of theirs any more (R13: only
   * participants, two seconds late at most).
   */
  async removeParticipant(
    context: CallContext,
    request: wire.RemoveParticipantRequest,
  ): Promise<wire.RemoveParticipantResponse> {
    const roomId = await this.roomOf(context, request.roomId);
    return this.change(context, roomId, roomDecisions.remove(context.userId, checkUserId(request.userId)));
  }

  /** Makes a participant an admin, or an admin a participant. */
  async setRole(context: CallContext, request: wire.SetRoleRequest): Promise<wire.SetRoleResponse> {
    const roomId = await this.roomOf(context, request.roomId);
    const { role } = request;
    if (role !== 'admin' && role !== 'participant') throw invalid('role must be one of admin, participant');
    return this.change(context, roomId, roomDecisions.setRole(context.userId, checkUserId(request.userId), role));
  }

  /** Outsiders are refused before anything of the request is looked at: it must not tell them which rooms exist. */
  private async roomOf({ userId }: CallContext, room: string): Promise<RoomId> {
    const roomId = checkRoomId(room);
    await this.roomCache.requireParticipant(roomId, userId);
    return roomId;
  }

  private async change(context: CallContext, roomId: RoomId, decide: Decide): Promise<{ room: WireRoom }> {
    return { room: describe(await this.changes.apply(roomId, context, decide), context.userId) };
  }
}
