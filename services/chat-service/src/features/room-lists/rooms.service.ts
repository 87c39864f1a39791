import {
  answerBytes,
  ChatError,
  isId,
  limits,
  type RoomId,
  type UserId,
  type WireRoom,
  type wire,
} from '@parlance/proto';
import type { ChatMetrics } from '../../metrics.js';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId } from '../../requests/check-ids.js';
import type { LogEnd } from '../rooms/log-end.js';
import type { MongoParticipantStore, Place } from '../rooms/mongo-participant-store.js';
import type { StoredRoom } from '../rooms/mongo-room-store.js';
import { toListedRoom, toRoomHead, toWireRoom } from '../rooms/room.mapper.js';
import { notInRoom, type RoomCache } from '../rooms/room-cache.js';
import type { LogReader } from '../slots/log-reader.js';

/** Reads rooms, as people see them and as gateways need them. */
export class RoomsService {
  constructor(
    private readonly roomCache: RoomCache,
    private readonly participants: Pick<MongoParticipantStore, 'find' | 'ofUser'>,
    private readonly log: LogReader,
    private readonly metrics: Pick<ChatMetrics, 'offlineBacklog'>,
  ) {}

  /**
   * One room of the caller.
   * @throws ROOM_NOT_FOUND, NOT_A_PARTICIPANT.
   */
  async getRoom({ userId }: CallContext, request: wire.GetRoomRequest): Promise<wire.GetRoomResponse> {
    const roomId = checkRoomId(request.roomId);
    const view = await this.roomCache.current(roomId);
    if (!view?.participants.has(userId)) throw notInRoom(view?.room);
    const own = await this.participants.find(roomId, userId);
    return { room: toWireRoom(view, await this.log.end(view.room), own) };
  }

  /** A page of the caller's rooms, by last activity, newest first; it ends early by its bytes. */
  async listRooms({ userId }: CallContext, request: wire.ListRoomsRequest): Promise<wire.ListRoomsResponse> {
    const limit = request.limit === 0 ? limits.defaultPageItems : request.limit;
    if (limit < 1 || limit > limits.rooms) {
      throw new ChatError('INVALID_MESSAGE', { message: `limit must be 1 to ${limits.rooms}` });
    }
    if (!isCursor(request.cursor)) throw new ChatError('INVALID_MESSAGE', { message: 'cursor is not one of a page' });
    const all = await this.roomsOf(userId);
    const start = request.cursor === '' ? 0 : all.findIndex((room) => isBehind(room.sortKey, request.cursor));
    const page = start < 0 ? [] : all.slice(start, start + limit);
    const rooms: WireRoom[] = [];
    let [left, done] = [answerBytes.ofPage, 0];
    for (const { room, end, own } of page) {
      const view = await this.roomCache.find(room.roomId as RoomId);
      const listed = view?.participants.has(userId) ? toListedRoom({ ...view, room }, end, own) : undefined;
      if (listed) left -= answerBytes.ofRoom(listed);
      if (left < 0) break;
      if (listed) rooms.push(listed);
      done += 1;
    }
    const more = start >= 0 && start + done < all.length;
    return { rooms, hasMore: more, cursor: more ? (page[done - 1]?.sortKey ?? '') : '' };
  }

  /** Where all of the caller's rooms stand, by last activity, newest first. */
  async listRoomHeads({ userId }: CallContext): Promise<wire.ListRoomHeadsResponse> {
    const rooms = await this.roomsOf(userId);
    this.metrics.offlineBacklog.observe(rooms.reduce((sum, { end, own }) => sum + end.head - own.deliveredUpTo, 0));
    return { rooms: rooms.map(({ end, own }) => toRoomHead(end, own)) };
  }

  /**
   * Current participants and head of a room. For gateways: no caller, no membership.
   * @throws ROOM_NOT_FOUND.
   */
  async listParticipants(
    _context: CallContext,
    request: wire.ListParticipantsRequest,
  ): Promise<wire.ListParticipantsResponse> {
    const roomId = checkRoomId(request.roomId);
    this.roomCache.forget(roomId);
    const view = await this.roomCache.find(roomId);
    if (!view) throw new ChatError('ROOM_NOT_FOUND');
    const { head } = await this.log.head(view.room);
    const { memberRev, epoch } = view.room;
    return { userIds: [...view.participants.keys()], memberRev, head, epoch };
  }

  private async roomsOf(userId: UserId): Promise<ListedRoom[]> {
    const memberships = new Map((await this.participants.ofUser(userId)).map((own) => [own.roomId as string, own]));
    const ends = await this.log.ends(
      [...memberships.values()].map((own) => own.roomId),
      userId,
    );
    return [...ends.values()]
      .flatMap((end) => {
        const own = memberships.get(end.room.roomId);
        return own ? [{ room: end.room, end, own, sortKey: sortKey(end.room, end.timestamp) }] : [];
      })
      .toSorted((left, right) => (isBehind(right.sortKey, left.sortKey) ? -1 : 1));
  }
}

interface ListedRoom {
  readonly room: StoredRoom;
  readonly end: LogEnd;
  readonly own: Place;
  /** Last activity and id, comparable as text; also the page's cursor. */
  readonly sortKey: string;
}

function sortKey(room: StoredRoom, timestamp: number | undefined): string {
  return `${String(timestamp ?? room.createdAt).padStart(15, '0')}:${room.roomId}`;
}

/** Of the form of a {@link sortKey}; any other text would be a place that nobody meant. */
function isCursor(text: string): boolean {
  return text === '' || (/^\d{15}:/.test(text) && isId(text.slice(16)));
}

/** Listed after the room of `key`: older, or as old with a smaller id. */
function isBehind(candidate: string, key: string): boolean {
  return candidate < key;
}
