import type { wire } from '@parlance/proto';
import type { LogReader } from '../messages/log-reader.js';
import type { MongoRoomEventStore } from './mongo-room-event-store.js';
import { toRoomHead } from './room.mapper.js';
import { checkRoomId } from './room-requests.js';

/** Tells gateways where rooms stand in the log itself, also those of which no event told. */
export class RoomHeadsService {
  constructor(
    private readonly log: LogReader,
    private readonly events: MongoRoomEventStore,
  ) {}

  /**
   * Where named rooms stand. No caller, no membership. Room events that a pod left behind in the room when it died are put
   * where they belong, so that their number is told.
   */
  async getRoomHeads(request: wire.GetRoomHeadsRequest): Promise<wire.GetRoomHeadsResponse> {
    const ends = await this.log.ends(request.roomIds.map(checkRoomId));
    const rooms = await Promise.all(
      [...ends.values()].map(async (end) => {
        const { room } = end;
        if (room.unlogged.length === 0) return toRoomHead(end);
        await this.events.log(room);
        return toRoomHead({ ...end, room: { ...room, rev: room.rev + room.unlogged.length } });
      }),
    );
    return { rooms };
  }
}
