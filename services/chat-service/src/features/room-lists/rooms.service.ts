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
import { markOf, toListedRoom, toRoomHead, toWireRoom } from '../rooms/room.mapper.js';
import { notInRoom, type RoomCache, type RoomView } from '../rooms/room-cache.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { LogReader } from '../slots/log-reader.js';

/** Reads rooms, as people see them and as gateways need them. */
export class RoomsService {
  constructor(
    private readonly roomCache: RoomCache,
    private readonly participants: Pick<MongoParticipantStore, 'find' | 'ofUser'> & {
      seenBy(roomId: RoomId, userId: UserId): Promise<readonly Place[]>;
    },
    private readonly log: LogReader,
    private readonly metrics: Pick<ChatMetrics, 'offlineBacklog' | 'answersCut'>,
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

  /**
   * A page of a room's participants, by user id, so that it stands whoever comes or goes between two pages. Marks of others count
   * when they are stored. A full page is far below `limits.answerBytes`.
   *
   * @throws ChatError (rejects) INVALID_MESSAGE, ROOM_NOT_FOUND, NOT_A_PARTICIPANT.
   */
  async listRoomParticipants(
    { userId }: CallContext,
    request: wire.ListRoomParticipantsRequest,
  ): Promise<wire.ListRoomParticipantsResponse> {
    const roomId = checkRoomId(request.roomId);
    const limit = checkLimit(request.limit, limits.pageItems);
    if (request.cursor !== '' && !isId(request.cursor)) throw notOfAPage();
    const view = await this.roomCache.current(roomId);
    if (!view?.participants.has(userId)) throw notInRoom(view?.room);
    const [end, places] = await Promise.all([this.log.end(view.room), this.participants.seenBy(roomId, userId)]);
    const behind = places
      .filter((place) => place.userId > request.cursor && view.participants.has(place.userId))
      .toSorted((left, right) => (left.userId < right.userId ? -1 : 1));
    const participants = behind.slice(0, limit).map((place) => toWireParticipant(view, end, place));
    const hasMore = behind.length > participants.length;
    return { participants, hasMore, cursor: hasMore ? (participants.at(-1)?.userId ?? '') : '' };
  }

  /** A page of the caller's rooms, by last activity, newest first; it ends early by its bytes. */
  async listRooms(
    { userId, beginPages }: CallContext,
    request: wire.ListRoomsRequest,
  ): Promise<wire.ListRoomsResponse> {
    const limit = checkLimit(request.limit, limits.rooms);
    if (!isCursor(request.cursor)) throw notOfAPage();
    const all = await this.roomsOf(userId);
    await beginPages?.();
    const start = request.cursor === '' ? 0 : all.findIndex((room) => isBehind(room.sortKey, request.cursor));
    const page = start < 0 ? [] : all.slice(start, start + limit);
    const rooms: WireRoom[] = [];
    let [left, done] = [answerBytes.ofPage, 0];
    for (const { room, end, own } of page) {
      const view = await this.roomCache.find(room.roomId as RoomId);
      const listed = view?.participants.has(userId) ? toListedRoom({ ...view, room }, end, own) : undefined;
      if (listed) left -= answerBytes.ofRoom(listed);
      if (left < 0) {
        this.metrics.answersCut.inc({ answer: 'rooms' });
        break;
      }
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
      { of: userId },
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

function toWireParticipant(view: RoomView, end: LogEnd, place: Place): wire.RoomParticipant {
  return {
    userId: place.userId,
    role: view.participants.get(place.userId)?.role ?? '',
    joinedAt: place.joinedAt,
    deliveredUpTo: markOf(place.deliveredUpTo, view.room, end),
    readUpTo: markOf(place.readUpTo, view.room, end),
  };
}

function checkLimit(given: number, most: number): number {
  const limit = given === 0 ? limits.defaultPageItems : given;
  if (limit >= 1 && limit <= most) return limit;
  throw new ChatError('INVALID_MESSAGE', { message: `limit must be 1 to ${most}` });
}

function notOfAPage(): ChatError {
  return new ChatError('INVALID_MESSAGE', { message: 'cursor is not one of a page' });
}

/** Of the form of a {@link sortKey}; any other text would be a place that nobody meant. */
function isCursor(text: string): boolean {
  return text === '' || (/^\d{15}:/.test(text) && isId(text.slice(16)));
}

/** Listed after the room of `key`: older, or as old with a smaller id. */
function isBehind(candidate: string, key: string): boolean {
  return candidate < key;
}
