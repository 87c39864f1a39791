import { ChatError, limits, type RoomId, type UserId, type WireRoom, type wire } from '@parlance/proto';
import { monthOf } from '@parlance/storage';
import type { CallContext } from '../../call-context.js';
import { onceIssued } from '../../errors/mongo-errors.js';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { OpenMonths } from '../messages/segment-chain.js';
import { directRoomId } from './direct-room-id.js';
import type { Entry, MongoParticipantStore } from './mongo-participant-store.js';
import type { MongoRoomStore } from './mongo-room-store.js';
import { toWireRoom } from './room.mapper.js';
import type { ChangedRoom, RoomChange, RoomChanges } from './room-changes.js';
import { notInRoom, type RoomDirectory, type RoomView } from './room-directory.js';
import { type CheckedNewRoom, checkNewRoom, checkRoomId } from './room-requests.js';

/** What creating, joining and leaving rooms works with. */
export interface MembershipPorts {
  readonly rooms: MongoRoomStore;
  readonly participants: MongoParticipantStore;
  readonly directory: RoomDirectory;
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
    const { directory, changes, publisher } = this.ports;
    const wanted = checkNewRoom(request, context.userId);
    const [left, right] = wanted.participants;
    const direct = wanted.roomType === '1v1' && left && right;
    const roomId = direct ? directRoomId(left, right) : this.ports.newRoomId();
    const known = direct ? await directory.find(roomId) : undefined;
    if (known && known.participants.size === 2) return { room: await this.#describe(roomId, context.userId) };
    await this.#requireOpenMonth();
    return onceIssued(async () => {
      await this.#write(roomId, wanted, context);
      const { view, end } = await changes.reread(roomId);
      const { rev, memberRev } = view.room;
      const { trace } = context;
      const users = wanted.participants.map((userId) => ({ userId, rev }));
      publisher.joined({ roomId, users, head: end.head, memberRev, trace });
      return { room: toWireRoom(view, end, view.participants.get(context.userId)) };
    });
  }

  /** Joins an open room. Who is in already gets the room. Errors: ROOM_NOT_FOUND, ROOM_FULL. */
  async joinRoom(context: CallContext, request: wire.JoinRoomRequest): Promise<wire.JoinRoomResponse> {
    const { participants, directory, changes } = this.ports;
    const { userId } = context;
    const roomId = checkRoomId(request.roomId);
    const view = await directory.find(roomId);
    if (view?.participants.has(userId)) return { room: await this.#describe(roomId, userId) };
    if (view?.room.joinRule !== 'open') throw new ChatError('ROOM_NOT_FOUND');
    if (view.participants.size >= limits.participants) throw new ChatError('ROOM_FULL');
    const { end } = await changes.reread(roomId);
    const firstVisibleId = view.room.historyVisibility === 'joined' ? end.head + 1 : 1;
    const entry = { userId, role: 'participant', firstVisibleId, joinedAt: this.ports.now() } as const;
    const joined = await changes.apply(roomId, context, [{ kind: 'joined', userId, role: 'participant' }], () =>
      participants.enter(roomId, [entry]),
    );
    return { room: toWireRoom(joined.view, joined.end, joined.view.participants.get(userId)) };
  }

  /**
   * Leaves a room. When the owner leaves, the admin, else the participant, who has been there longest becomes the owner.
   * Errors: ROOM_NOT_FOUND, NOT_A_PARTICIPANT, PERMISSION_DENIED for a 1v1.
   */
  async leaveRoom(context: CallContext, request: wire.LeaveRoomRequest): Promise<wire.LeaveRoomResponse> {
    const { participants, directory, changes } = this.ports;
    const { userId } = context;
    const roomId = checkRoomId(request.roomId);
    const view = await directory.find(roomId);
    if (!view?.participants.has(userId)) throw notInRoom(view);
    if (view.room.roomType === '1v1') {
      throw new ChatError('PERMISSION_DENIED', { message: 'A 1v1 room cannot be left.' });
    }
    const heir = heirOf(view, userId);
    const inherits: RoomChange[] = heir ? [{ kind: 'role', userId: heir, role: 'owner' }] : [];
    await changes.apply(roomId, context, [{ kind: 'left', userId }, ...inherits], async () => {
      if (heir) await participants.setRole(roomId, heir, 'owner');
      await participants.leave(roomId, userId, this.ports.now());
    });
    return {};
  }

  async #requireOpenMonth(): Promise<void> {
    const month = monthOf(this.ports.now());
    if (await this.ports.months.isOpen(month)) return;
    throw new ChatError('STORE_UNAVAILABLE', { message: `The month ${month} is not open for messages yet; retry.` });
  }

  async #write(roomId: RoomId, wanted: CheckedNewRoom, { userId: creator }: CallContext): Promise<void> {
    const createdAt = this.ports.now();
    const { participants, ...fields } = wanted;
    const role = (userId: UserId) => (wanted.roomType === 'group' && userId === creator ? 'owner' : 'participant');
    const entries = participants.map(
      (userId): Entry => ({ userId, role: role(userId), firstVisibleId: 1, joinedAt: createdAt }),
    );
    // A group's id is new, so nobody can have been in it; a 1v1 may be left over from an attempt that broke off.
    if (wanted.roomType === 'group') await this.ports.participants.settle(roomId, entries);
    else await this.ports.participants.enter(roomId, entries);
    await this.ports.rooms.create({
      ...fields,
      roomId,
      monthYear: monthOf(createdAt),
      createdAt,
      createdBy: creator,
      ...(wanted.roomType === '1v1' ? { participants: participants.toSorted() } : {}),
    });
  }

  async #describe(roomId: RoomId, me: UserId): Promise<WireRoom> {
    const { view, end }: ChangedRoom = await this.ports.changes.reread(roomId);
    return toWireRoom(view, end, view.participants.get(me));
  }
}

/** Who owns the room when `leaver`, its owner, is gone; undefined when it keeps its owner or nobody is left. */
function heirOf(view: RoomView, leaver: UserId): UserId | undefined {
  if (view.participants.get(leaver)?.role !== 'owner') return undefined;
  const others = [...view.participants.values()].filter(({ userId }) => userId !== leaver);
  const rank = { owner: 0, admin: 1, participant: 2 } as const;
  const [heir] = others.toSorted((one, two) => rank[one.role] - rank[two.role] || one.joinedAt - two.joinedAt);
  return heir?.userId;
}
