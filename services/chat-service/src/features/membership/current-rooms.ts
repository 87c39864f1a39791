import { ChatError, type RoomId, type UserId, type WireRoom } from '@parlance/proto';
import type { LogEnd } from '../rooms/log-end.js';
import { toWireRoom } from '../rooms/room.mapper.js';
import type { RoomCache, RoomView } from '../rooms/room-cache.js';
import type { LogReader } from '../slots/log-reader.js';

/** A room as it is now, with the end of its log. */
export interface CurrentRoom {
  readonly view: RoomView;
  readonly end: LogEnd;
}

/** Rooms as they are now, not as they are remembered: for answers about a room that was just changed. */
export class CurrentRooms {
  constructor(
    private readonly roomCache: RoomCache,
    private readonly log: LogReader,
  ) {}

  /** The room as it is remembered, read if need be; undefined when there is none. */
  known(roomId: RoomId): Promise<RoomView | undefined> {
    return this.roomCache.find(roomId);
  }

  /** @throws ROOM_NOT_FOUND; STORE_UNAVAILABLE. */
  async read(roomId: RoomId): Promise<CurrentRoom> {
    this.roomCache.forget(roomId);
    const view = await this.roomCache.find(roomId);
    if (!view) throw new ChatError('ROOM_NOT_FOUND');
    return { view, end: await this.log.end(view.room) };
  }
}

/** The room as one of its participants sees it. */
export function describe({ view, end }: CurrentRoom, me: UserId): WireRoom {
  return toWireRoom(view, end, view.participants.get(me));
}
