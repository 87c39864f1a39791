import type { RoomHead, RoomId, wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId } from '../../requests/check-ids.js';
import type { LogEnd } from '../rooms/log-end.js';
import type { MongoRoomEventStore } from '../rooms/mongo-room-event-store.js';
import { toRoomHead } from '../rooms/room.mapper.js';
import type { LogReader } from '../slots/log-reader.js';
import type { LogRollback } from '../slots/log-rollback.js';

const nowhere: RoomHead = { roomId: '', head: 0, rev: 0, memberRev: 0, epoch: 0, deliveredUpTo: 0, readUpTo: 0 };

/** Tells gateways where rooms stand in the log itself, also those of which no event told. */
export class RoomHeadsService {
  constructor(
    private readonly log: LogReader,
    private readonly events: MongoRoomEventStore,
    private readonly rollback: LogRollback,
  ) {}

  /**
   * Where named rooms stand. No caller, no membership. Room events that a pod left behind in the room when it died are put
   * where they belong, so that their number is told. With known heads only those rooms whose log is another one by now, or has
   * gone back below them, which begin a new epoch, and at `memberRev` 0 those that are there no longer.
   */
  async getRoomHeads(_context: CallContext, request: wire.GetRoomHeadsRequest): Promise<wire.GetRoomHeadsResponse> {
    const ends = await this.log.ends(request.roomIds.map(checkRoomId));
    if (request.knownHeads.length > 0) return { rooms: await this.goneBack(request, ends) };
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

  private async goneBack(
    { roomIds, knownHeads, knownEpochs }: wire.GetRoomHeadsRequest,
    ends: ReadonlyMap<string, LogEnd>,
  ): Promise<RoomHead[]> {
    const others: RoomId[] = [];
    const gone: RoomHead[] = [];
    for (const [index, roomId] of roomIds.map(checkRoomId).entries()) {
      const end = ends.get(roomId);
      const seen = { head: knownHeads[index] ?? 0, rev: 0, epoch: knownEpochs[index] ?? 0 };
      if (!end) {
        if (await this.rollback.isGone(roomId)) gone.push({ ...nowhere, roomId });
        continue;
      }
      const isRaised = seen.epoch > 0 && end.room.epoch > seen.epoch;
      const isLess = end.head < seen.head || end.room.epoch < seen.epoch;
      if (isRaised || (isLess && (await this.rollback.declare(roomId, seen)))) others.push(roomId);
    }
    return [...[...(await this.log.ends(others)).values()].map((end) => toRoomHead(end)), ...gone];
  }
}
