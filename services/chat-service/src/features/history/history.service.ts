import { answerBytes, ChatError, fromDateFault, limits, toCallError, toChatError, type wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId } from '../../requests/check-ids.js';
import type { MongoRoomEventStore } from '../rooms/mongo-room-event-store.js';
import { markOf, toWireEvent } from '../rooms/room.mapper.js';
import type { RoomCache } from '../rooms/room-cache.js';
import type { LogRollback } from '../slots/log-rollback.js';
import type { HistoryRequest } from './history-reader.js';
import { ResumePlace } from './resume-place.js';
import type { VisiblePages } from './visible-pages.js';

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
    const wanted = { position: positionOf(request), limit, bytes: answerBytes.ofPage, atLeastOne: true };
    const { page, floor, view } = await this.pages.read(checkRoomId(request.roomId), context, wanted);
    const { messages, hasMore, truncated, head } = page;
    return { messages, hasMore, truncated, firstAvailableId: floor, head, epoch: view.room.epoch };
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
    const rooms: wire.ResumedRoom[] = [];
    const place = new ResumePlace(cursors);
    while (rooms.length < cursors.length && !place.isFull) {
      const { bytes, isEmpty: atLeastOne } = place;
      const some = cursors.slice(rooms.length, rooms.length + roomsAtATime);
      const read = await Promise.all(some.map((cursor) => this.resumeRoom(context, cursor, { bytes, atLeastOne })));
      for (const [index, room] of read.entries()) rooms.push(place.fit(room, some[index]?.rev ?? 0));
    }
    return { rooms: [...rooms, ...cursors.slice(rooms.length).map(later)] };
  }

  private async resumeRoom(
    context: CallContext,
    cursor: wire.RoomCursor,
    size: Pick<HistoryRequest, 'bytes' | 'atLeastOne'>,
  ): Promise<wire.ResumedRoom> {
    const { roomId: room, messageId, rev, epoch } = cursor;
    try {
      const roomId = checkRoomId(room);
      const position = positionOf({ roomId, limit: 0, afterId: messageId });
      if (!Number.isSafeInteger(rev) || rev < 0)
        throw new ChatError('INVALID_MESSAGE', { message: 'rev must be 0 or more' });
      // What is remembered of the room may be older than what the client has heard of it.
      if (epoch > 0 && epoch > (this.roomCache.fresh(roomId)?.room.epoch ?? epoch))
        await this.roomCache.current(roomId);
      const { page, floor, view } = await this.pages.read(roomId, context, {
        position,
        limit: limits.pageItems,
        ...size,
      });
      const place = { roomId, head: page.head, rev: view.room.rev, epoch: view.room.epoch };
      if (epoch !== 0 && epoch < place.epoch) return { ...nothing, ...place, wentBack: true };
      const isAhead = messageId > page.head || rev > place.rev || epoch > place.epoch;
      if (isAhead && (await this.rollback.hasHappened(roomId, { head: messageId, rev, epoch })))
        return { ...nothing, ...place, wentBack: true };
      if (messageId > page.head || epoch > place.epoch) throw new ChatError('STORE_UNAVAILABLE');
      // Left behind by a pod that died, or on their way.
      if (view.room.unlogged.length > 0) await this.events.log(view.room);
      const events = await this.events.after(roomId, rev, limits.resumeEvents);
      const own = await this.pages.marksOf(roomId, context.userId);
      return {
        ...nothing,
        ...place,
        messages: page.truncated ? [] : [...page.messages],
        events: page.truncated ? [] : events.map(toWireEvent),
        rev: page.truncated ? rev : (events.at(-1)?.rev ?? rev),
        hasMore: (!page.truncated && page.hasMore) || events.length === limits.resumeEvents,
        truncated: page.truncated,
        firstAvailableId: floor,
        deliveredUpTo: markOf(own?.deliveredUpTo, view.room, page),
        readUpTo: markOf(own?.readUpTo, view.room, page),
      };
    } catch (thrown) {
      return { ...nothing, roomId: room, error: toCallError(toChatError(thrown)) };
    }
  }
}

/** A room for which the answer had no place: nothing of it was read. */
function later({ roomId, messageId, rev, epoch }: wire.RoomCursor): wire.ResumedRoom {
  return { ...nothing, roomId, head: messageId, rev, epoch, hasMore: true };
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
