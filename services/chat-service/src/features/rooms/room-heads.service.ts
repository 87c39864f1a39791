import type { RoomHead, RoomId, wire } from '@parlance/proto';
import type { LogEnd, LogReader } from '../messages/log-reader.js';
import type { LogSetback } from '../messages/log-setback.js';
import type { MongoRoomEventStore } from './mongo-room-event-store.js';
import { toRoomHead } from './room.mapper.js';
import { checkRoomId } from './room-requests.js';

/** Tells gateways where rooms stand in the log itself, also those of which no event told. */
export class RoomHeadsService {
  constructor(
    private readonly log: LogReader,
    private readonly events: MongoRoomEventStore,
    private readonly setback: LogSetback,
  ) {}

  /**
   * Where named rooms stand. No caller, no membership. Room events that a pod left behind in the room when it died are put
   * where they belong, so that their number is told. With known heads only those rooms whose log has gone back below them.
   */
  async getRoomHeads(request: wire.GetRoomHeadsRequest): Promise<wire.GetRoomHeadsResponse> {
    const ends = await this.log.ends(request.roomIds.map(checkRoomId));
    if (request.knownHeads.length > 0) return { rooms: await this.#goneBack(request, ends) };
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

  async #goneBack(
    { roomIds, knownHeads }: wire.GetRoomHeadsRequest,
    ends: ReadonlyMap<string, LogEnd>,
  ): Promise<RoomHead[]> {
    const rooms: RoomHead[] = [];
    for (const [index, roomId] of roomIds.entries()) {
      const end = ends.get(roomId);
      const head = knownHeads[index] ?? 0;
      if (!end || end.head >= head) continue;
      if (!(await this.setback.hasHappened(roomId as RoomId, { head, rev: 0 }))) continue;
      await this.setback.forget(roomId);
      rooms.push(toRoomHead(end));
    }
    return rooms;
  }
}
