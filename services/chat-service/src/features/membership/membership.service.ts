import { ChatError, type wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId } from '../../requests/check-ids.js';
import type { RoomCache } from '../rooms/room-cache.js';
import { type CurrentRooms, describe } from './current-rooms.js';
import type { RoomChanges } from './room-changes.js';
import { roomDecisions } from './room-decisions.js';

/** What everybody may do about their own place in a room: join and leave it. */
export class MembershipService {
  constructor(
    private readonly roomCache: RoomCache,
    private readonly current: CurrentRooms,
    private readonly changes: RoomChanges,
  ) {}

  /**
   * Joins an open room. Who is in already gets the room.
   * @throws ROOM_NOT_FOUND, ROOM_FULL.
   */
  async joinRoom(context: CallContext, request: wire.JoinRoomRequest): Promise<wire.JoinRoomResponse> {
    const { userId, isRepeat } = context;
    const roomId = checkRoomId(request.roomId);
    const view = await this.roomCache.find(roomId);
    const isIn = view?.participants.has(userId) === true;
    // A repeat is decided over the room, where it is noted.
    if (isIn && !isRepeat) return { room: describe(await this.current.read(roomId), userId) };
    if (!isIn && view?.room.joinRule !== 'open') throw new ChatError('ROOM_NOT_FOUND');
    const joined = await this.changes.apply(roomId, context, roomDecisions.join(userId));
    return { room: describe(joined, userId) };
  }

  /**
   * Leaves a room. When the owner leaves, the admin, else the participant, who has been there longest becomes the
   * owner.
   * @throws ROOM_NOT_FOUND, NOT_A_PARTICIPANT, PERMISSION_DENIED for a 1v1.
   */
  async leaveRoom(context: CallContext, request: wire.LeaveRoomRequest): Promise<wire.LeaveRoomResponse> {
    const { userId } = context;
    const roomId = checkRoomId(request.roomId);
    await this.roomCache.requireParticipant(roomId, userId);
    await this.changes.apply(roomId, context, roomDecisions.leave(userId));
    return {};
  }
}
