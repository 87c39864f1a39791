import { ChatError, type RoomId, type UserId, type WireRoom, type wire } from '@parlance/proto';
import { monthOf } from '@parlance/storage';
import type { CallContext } from '../../call-context.js';
import { withUnknownOutcome } from '../../errors/mongo-errors.js';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { OpenMonths } from '../log/segment-chain.js';
import type { MongoParticipantStore } from '../rooms/mongo-participant-store.js';
import type { MongoRoomStore } from '../rooms/mongo-room-store.js';
import { toWireRoom } from '../rooms/room.mapper.js';
import type { RoomCache } from '../rooms/room-cache.js';
import { type CheckedNewRoom, checkNewRoom, checkRoomId } from '../rooms/room-requests.js';
import { directRoomId } from './direct-room-id.js';
import type { ChangedRoom, RoomChanges } from './room-changes.js';
import { roomDecisions } from './room-decisions.js';

/** What creating, joining and leaving rooms works with. */
export interface MembershipPorts {
  readonly rooms: MongoRoomStore;
  readonly participants: MongoParticipantStore;
  readonly roomCache: RoomCache;
  readonly changes: RoomChanges;
  readonly months: OpenMonths;
  readonly publisher: EventPublisher;
  now(): number;
  newRoomId(): RoomId;
}

/** What everybody may do about their own place: create, join and leave rooms. */
export class MembershipService {
  constructor(private readonly ports: MembershipPorts) {}

  /** Creates a room. A 1v1 that exists is completed if need be and returned. */
  async createRoom(context: CallContext, request: wire.CreateRoomRequest): Promise<wire.CreateRoomResponse> {
    const { roomCache, changes, publisher } = this.ports;
    const wanted = checkNewRoom(request, context.userId);
    const [left, right] = wanted.participants;
    const direct = wanted.roomType === '1v1' && left && right;
    const roomId = direct ? directRoomId(left, right) : this.ports.newRoomId();
    const known = direct ? await roomCache.find(roomId) : undefined;
    if (known && known.participants.size === 2) return { room: await this.describe(roomId, context.userId) };
    await this.requireOpenMonth();
    return withUnknownOutcome(async () => {
      await this.write(roomId, wanted, context);
      const { view, end } = await changes.reread(roomId);
      const { rev, memberRev, epoch } = view.room;
      const { trace } = context;
      const users = wanted.participants.map((userId) => ({ userId, rev }));
      publisher.joined({ roomId, users, head: end.head, memberRev, epoch, trace });
      return { room: toWireRoom(view, end, view.participants.get(context.userId)) };
    });
  }

  /** Joins an open room. Who is in already gets the room. Errors: ROOM_NOT_FOUND, ROOM_FULL. */
  async joinRoom(context: CallContext, request: wire.JoinRoomRequest): Promise<wire.JoinRoomResponse> {
    const { roomCache, changes } = this.ports;
    const { userId, isRepeat } = context;
    const roomId = checkRoomId(request.roomId);
    const view = await roomCache.find(roomId);
    const isIn = view?.participants.has(userId) === true;
    // A repeat is decided over the room, where it is noted.
    if (isIn && !isRepeat) return { room: await this.describe(roomId, userId) };
    if (!isIn && view?.room.joinRule !== 'open') throw new ChatError('ROOM_NOT_FOUND');
    const joined = await changes.apply(roomId, context, roomDecisions.join(userId));
    return { room: toWireRoom(joined.view, joined.end, joined.view.participants.get(userId)) };
  }

  /**
   * Leaves a room. When the owner leaves, the admin, else the participant, who has been there longest becomes the owner.
   * Errors: ROOM_NOT_FOUND, NOT_A_PARTICIPANT, PERMISSION_DENIED for a 1v1.
   */
  async leaveRoom(context: CallContext, request: wire.LeaveRoomRequest): Promise<wire.LeaveRoomResponse> {
    const { roomCache, changes } = this.ports;
    const { userId } = context;
    const roomId = checkRoomId(request.roomId);
    await roomCache.requireParticipant(roomId, userId);
    await changes.apply(roomId, context, roomDecisions.leave(userId));
    return {};
  }

  private async requireOpenMonth(): Promise<void> {
    const month = monthOf(this.ports.now());
    if (await this.ports.months.isOpen(month)) return;
    throw new ChatError('STORE_UNAVAILABLE', { message: `The month ${month} is not open for messages yet; retry.` });
  }

  private async write(roomId: RoomId, wanted: CheckedNewRoom, { userId: creator }: CallContext): Promise<void> {
    const createdAt = this.ports.now();
    const { participants, ...fields } = wanted;
    const isGroup = wanted.roomType === 'group';
    const entry = { userIds: participants, memberRev: 0, firstVisibleId: 1, head: 0, joinedAt: createdAt };
    await this.ports.participants.enter(roomId, entry);
    await this.ports.rooms.create({
      ...fields,
      roomId,
      monthYear: monthOf(createdAt),
      createdAt,
      createdBy: creator,
      roster: {
        participants: isGroup ? participants : participants.toSorted(),
        ownerId: isGroup ? creator : null,
        admins: [],
      },
    });
  }

  private async describe(roomId: RoomId, me: UserId): Promise<WireRoom> {
    const { view, end }: ChangedRoom = await this.ports.changes.reread(roomId);
    return toWireRoom(view, end, view.participants.get(me));
  }
}
