import { ChatError, limits, type RoomId, type UserId, type WireRoom, type wire } from '@parlance/proto';
import type { CallContext } from '../../call-context.js';
import type { MongoParticipantStore, Participant } from './mongo-participant-store.js';
import type { MongoRoomStore } from './mongo-room-store.js';
import { toWireRoom } from './room.mapper.js';
import type { ChangedRoom, RoomChange, RoomChanges } from './room-changes.js';
import type { RoomDirectory, RoomView } from './room-directory.js';
import { type RoomAction, requireHigherRank, requirePermission } from './room-permissions.js';
import { checkRoomChange, checkRoomId, checkUserId } from './room-requests.js';

/** What owners and admins do: what a room shows, who is in it, who may do what. */
export class RoomAdminService {
  constructor(
    private readonly directory: RoomDirectory,
    private readonly changes: RoomChanges,
    private readonly rooms: MongoRoomStore,
    private readonly participants: MongoParticipantStore,
  ) {}

  /** Changes what the room shows of itself, who may join and what newcomers see. Absent fields stay. */
  async updateRoom(context: CallContext, request: wire.UpdateRoomRequest): Promise<wire.UpdateRoomResponse> {
    const { roomId, view } = await this.#permitted(context, request.roomId, 'updateRoom');
    const wanted = checkRoomChange(request, view.room);
    const changed = await this.changes.apply(roomId, context, [{ kind: 'updated', ...wanted }], () =>
      this.rooms.update(roomId, wanted),
    );
    return { room: describe(changed, context.userId) };
  }

  /** Lets users in; who is in already stays as they are. Errors: ROOM_FULL. */
  async addParticipants(
    context: CallContext,
    request: wire.AddParticipantsRequest,
  ): Promise<wire.AddParticipantsResponse> {
    const { roomId, view } = await this.#permitted(context, request.roomId, 'addParticipants');
    const named = new Set(request.userIds.map((userId) => checkUserId(userId, 'userIds')));
    if (named.size === 0) throw invalid('userIds is empty');
    const newcomers = [...named].filter((userId) => !view.participants.has(userId));
    if (newcomers.length === 0) return { room: describe(await this.changes.reread(roomId), context.userId) };
    if (view.participants.size + newcomers.length > limits.participants) throw new ChatError('ROOM_FULL');
    const { end } = await this.changes.reread(roomId);
    const firstVisibleId = view.room.historyVisibility === 'joined' ? end.head + 1 : 1;
    const joined = newcomers.map((userId): RoomChange => ({ kind: 'joined', userId, role: 'participant' }));
    const changed = await this.changes.apply(roomId, context, joined, () =>
      this.participants.enter(
        roomId,
        newcomers.map((userId) => ({ userId, role: 'participant', firstVisibleId, joinedAt: this.changes.now() })),
      ),
    );
    return { room: describe(changed, context.userId) };
  }

  /** Removes somebody of lower rank. Within two seconds no pod accepts a message of theirs any more (R13). */
  async removeParticipant(
    context: CallContext,
    request: wire.RemoveParticipantRequest,
  ): Promise<wire.RemoveParticipantResponse> {
    const { roomId, view, mine } = await this.#permitted(context, request.roomId, 'removeParticipant');
    const target = targetIn(view, request.userId);
    requireHigherRank(mine.role, target.role);
    const changed = await this.changes.apply(roomId, context, [{ kind: 'left', userId: target.userId }], () =>
      this.participants.leave(roomId, target.userId, this.changes.now()),
    );
    return { room: describe(changed, context.userId) };
  }

  /** Makes a participant an admin, or an admin a participant. */
  async setRole(context: CallContext, request: wire.SetRoleRequest): Promise<wire.SetRoleResponse> {
    const { roomId, view, mine } = await this.#permitted(context, request.roomId, 'setRole');
    const { role } = request;
    if (role !== 'admin' && role !== 'participant') throw invalid('role must be one of admin, participant');
    const target = targetIn(view, request.userId);
    requireHigherRank(mine.role, target.role);
    if (target.role === role) return { room: describe(await this.changes.reread(roomId), context.userId) };
    const changed = await this.changes.apply(roomId, context, [{ kind: 'role', userId: target.userId, role }], () =>
      this.participants.setRole(roomId, target.userId, role),
    );
    return { room: describe(changed, context.userId) };
  }

  async #permitted(
    { userId }: CallContext,
    room: string,
    action: RoomAction,
  ): Promise<{ roomId: RoomId; view: RoomView; mine: Participant }> {
    const roomId = checkRoomId(room);
    const { view, participant } = await this.directory.requireParticipant(roomId, userId);
    requirePermission(action, participant.role);
    return { roomId, view, mine: participant };
  }
}

function targetIn(view: RoomView, userId: string): Participant {
  const target = view.participants.get(checkUserId(userId));
  if (!target) throw invalid('userId is not a participant of this room');
  return target;
}

function describe({ view, end }: ChangedRoom, me: UserId): WireRoom {
  return toWireRoom(view, end, view.participants.get(me));
}

function invalid(message: string): ChatError {
  return new ChatError('INVALID_MESSAGE', { message });
}
