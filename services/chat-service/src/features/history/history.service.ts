import {
  answerBytes,
  ChatError,
  fromDateFault,
  isId,
  limits,
  type RoomId,
  toCallError,
  toChatError,
  type UserId,
  type wire,
} from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId } from '../../requests/check-ids.js';
import type { LogEnd } from '../rooms/log-end.js';
import type { MongoRoomEventStore } from '../rooms/mongo-room-event-store.js';
import { markOf, toWireEvent } from '../rooms/room.mapper.js';
import type { RoomCache } from '../rooms/room-cache.js';
import type { LogRollback } from '../slots/log-rollback.js';
import type { HistoryRequest } from './history-reader.js';
import { ResumePlace } from './resume-place.js';
import type { VisiblePages, VisibleRoom } from './visible-pages.js';

/** Rooms of one `resume` that are read side by side. */
const roomsAtATime = 4;

const nothing: wire.ResumedRoom = {
  roomId: '',
  messages: [],
  events: [],
  head: 0,
  rev: 0,
  hasMore: false,
  truncated: false,
  firstAvailableId: 0,
  deliveredUpTo: 0,
  readUpTo: 0,
  wentBack: false,
  epoch: 0,
  error: undefined,
};

/** What somebody may read of a room: messages with their receipts, and what they missed. */
export class HistoryService {
  constructor(
    private readonly roomCache: RoomCache,
    private readonly pages: VisiblePages,
    private readonly events: MongoRoomEventStore,
    private readonly rollback: Pick<LogRollback, 'hasHappened'>,
  ) {}

  /**
   * One page of a room's history; it ends early by its bytes.
   * @throws INVALID_MESSAGE, ROOM_NOT_FOUND, NOT_A_PARTICIPANT, STORE_UNAVAILABLE, ARCHIVE_UNAVAILABLE.
   */
  async getMessageHistory(
    context: CallContext,
    request: wire.GetMessageHistoryRequest,
  ): Promise<wire.GetMessageHistoryResponse> {
    const limit = request.limit === 0 ? limits.defaultPageItems : request.limit;
    if (limit < 1 || limit > limits.pageItems) {
      throw new ChatError('INVALID_MESSAGE', { message: `limit must be 1 to ${limits.pageItems}` });
    }
    const { userId, deadlineAt } = context;
    const wanted = { position: positionOf(request), limit, bytes: answerBytes.ofPage, atLeastOne: true, deadlineAt };
    const room = await this.pages.room(checkRoomId(request.roomId), userId);
    const end = await this.pages.end(room, deadlineAt, seenBy(request));
    await context.beginPages?.();
    const { page, floor } = await this.pages.read(room, end, wanted);
    const { messages, hasMore, truncated, head } = page;
    return { messages, hasMore, truncated, firstAvailableId: floor, head, epoch: end.room.epoch };
  }

  /**
   * What the caller missed in each room since the cursor: complete pages, or `truncated`, never silently partial (R10:
   * a resume is complete or says so). A room that cannot be read carries its own error. The answer ends early by its
   * bytes: once a room is cut, those behind it are not read and come with `hasMore` alone. Something of the first room
   * that lacks anything always fits.
   */
  async resume(context: CallContext, request: wire.ResumeRequest): Promise<wire.ResumeResponse> {
    const cursors = request.rooms;
    if (cursors.length > limits.rooms) {
      throw new ChatError('INVALID_MESSAGE', { message: `at most ${limits.rooms} rooms a call` });
    }
    const places = await this.placesOf(context, cursors);
    if (places.some(lacksMessages)) await context.beginPages?.();
    const rooms: wire.ResumedRoom[] = [];
    const place = new ResumePlace(cursors);
    while (rooms.length < cursors.length && !place.isFull) {
      const { bytes, isEmpty: atLeastOne } = place;
      const some = places.slice(rooms.length, rooms.length + roomsAtATime);
      const read = await Promise.all(some.map((each) => this.resumeRoom(context, each, { bytes, atLeastOne })));
      for (const [index, room] of read.entries()) rooms.push(place.fit(room, some[index]?.cursor.rev ?? 0));
    }
    return { rooms: [...rooms, ...cursors.slice(rooms.length).map(later)] };
  }

  /**
   * Where all the rooms stand now, before anything of them is read: one look for all of them, together with that of
   * everybody else who comes back. Rejects for no room.
   */
  private async placesOf(
    { userId, deadlineAt }: CallContext,
    cursors: readonly wire.RoomCursor[],
  ): Promise<ResumedPlace[]> {
    const roomIds = cursors.map(({ roomId }) => roomId).filter((roomId) => isId(roomId)) as RoomId[];
    // Where one of them cannot be read, such as one whose end lies in an archive that is away, the others can.
    const together = this.pages.ends(roomIds, deadlineAt).catch(() => undefined);
    return Promise.all(
      cursors.map(async (cursor): Promise<ResumedPlace> => {
        try {
          const roomId = checkRoomId(cursor.roomId);
          const [room, end] = await Promise.all([
            this.pages.room(roomId, userId),
            together.then((ends) => ends ?? this.pages.ends([roomId], deadlineAt)).then((ends) => ends.get(roomId)),
          ]);
          if (!end) throw new ChatError('ROOM_NOT_FOUND');
          return { cursor, roomId, end, room: await this.upToDate(room, end, userId) };
        } catch (thrown) {
          return { cursor, error: toChatError(thrown) };
        }
      }),
    );
  }

  /** What is remembered of a room may be older than its end: who is in it, or the log that it is of. */
  private async upToDate(room: VisibleRoom, { room: now }: LogEnd, userId: UserId): Promise<VisibleRoom> {
    const roomId = now.roomId as RoomId;
    const { memberRev, epoch } = room.view.room;
    if (now.epoch <= epoch && now.memberRev <= memberRev) return room;
    await this.roomCache.current(roomId);
    return this.pages.room(roomId, userId);
  }

  private async resumeRoom(
    { deadlineAt }: CallContext,
    place: ResumedPlace,
    size: Pick<HistoryRequest, 'bytes' | 'atLeastOne'>,
  ): Promise<wire.ResumedRoom> {
    const { messageId, rev, epoch } = place.cursor;
    try {
      if ('error' in place) throw place.error;
      const { roomId, room, end } = place;
      const position = positionOf({ roomId, limit: 0, afterId: messageId });
      if (!Number.isSafeInteger(rev) || rev < 0)
        throw new ChatError('INVALID_MESSAGE', { message: 'rev must be 0 or more' });
      const wanted = { position, limit: limits.pageItems, ...size, deadlineAt };
      const { page, floor } = await this.pages.read(room, end, wanted);
      const now = end.room;
      const stands = { roomId, head: page.head, rev: now.rev, epoch: now.epoch };
      if (epoch !== 0 && epoch < now.epoch) return { ...nothing, ...stands, wentBack: true };
      const isAhead = messageId > page.head || rev > now.rev || epoch > now.epoch;
      if (isAhead && (await this.rollback.hasHappened(roomId, { head: messageId, rev, epoch })))
        return { ...nothing, ...stands, wentBack: true };
      if (messageId > page.head || epoch > now.epoch) throw new ChatError('STORE_UNAVAILABLE');
      // Left behind by a pod that died, or on their way.
      if (now.unlogged.length > 0) await this.events.log(now);
      const isBehind = rev < now.rev + now.unlogged.length;
      const events = isBehind ? await this.events.after(roomId, rev, limits.resumeEvents) : [];
      return {
        ...nothing,
        ...stands,
        messages: page.truncated ? [] : [...page.messages],
        events: page.truncated ? [] : events.map(toWireEvent),
        rev: page.truncated ? rev : (events.at(-1)?.rev ?? rev),
        hasMore: (!page.truncated && page.hasMore) || events.length === limits.resumeEvents,
        truncated: page.truncated,
        firstAvailableId: floor,
        deliveredUpTo: markOf(room.own?.deliveredUpTo, now, page),
        readUpTo: markOf(room.own?.readUpTo, now, page),
      };
    } catch (thrown) {
      return { ...nothing, roomId: place.cursor.roomId, error: toCallError(toChatError(thrown)) };
    }
  }
}

/** A room of a resume as it stands before anything of it is read, or why it cannot be read. */
type ResumedPlace = { readonly cursor: wire.RoomCursor } & (
  | { readonly roomId: RoomId; readonly room: VisibleRoom; readonly end: LogEnd }
  | { readonly error: ChatError }
);

function lacksMessages(place: ResumedPlace): boolean {
  return 'end' in place && place.cursor.messageId < place.end.head;
}

/** A room for which the answer had no place: nothing of it was read. */
function later({ roomId, messageId, rev, epoch }: wire.RoomCursor): wire.ResumedRoom {
  return { ...nothing, roomId, head: messageId, rev, epoch, hasMore: true };
}

/**
 * How much of the room the caller has seen, where a page may be made from an end of a moment ago: one that ends the page where
 * it says. Whoever reads on from what they have is told by the page whether they have all.
 */
function seenBy({ beforeId = 0, afterId, fromDate, seen }: wire.GetMessageHistoryRequest): number | undefined {
  if (seen === undefined || afterId !== undefined || fromDate !== undefined) return undefined;
  return Math.max(seen, beforeId - 1);
}

function positionOf(request: wire.GetMessageHistoryRequest): HistoryRequest['position'] {
  const { beforeId, afterId, fromDate } = request;
  for (const [field, value] of Object.entries({ beforeId, afterId, fromDate })) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 0)) {
      throw new ChatError('INVALID_MESSAGE', { message: `${field} must be a whole number, 0 or more` });
    }
  }
  const dateFault = fromDate === undefined ? undefined : fromDateFault(fromDate);
  if (dateFault !== undefined) throw new ChatError('INVALID_MESSAGE', { message: `fromDate ${dateFault}` });
  if (beforeId !== undefined) return { kind: 'before', id: beforeId };
  if (afterId !== undefined) return { kind: 'after', id: afterId };
  if (fromDate !== undefined) return { kind: 'from', time: fromDate };
  return { kind: 'newest' };
}
