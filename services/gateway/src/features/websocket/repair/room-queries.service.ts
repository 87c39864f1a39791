import type { RoomHead, UserId, wire } from '@parlance/proto';
import { newTraceparent } from '@parlance/runtime';
import { ChatServicePool } from '../../chat-service/calls/chat-service-pool.js';
import type { CallContext } from '../../chat-service/streams/pending-call.js';

const minimumMs = 500;

/** What the gateway itself asks of the chat service, on nobody's request or on behalf of a local participant. */
export class RoomQueries {
  constructor(
    private readonly pool: ChatServicePool,
    private readonly timeoutMs: number,
    private readonly now: () => number,
  ) {}

  /** All rooms of a user with where they stand, by last activity; `deadlineAt` is at least half a second from now. */
  async listRoomHeads(userId: UserId, deadlineAt?: number): Promise<readonly RoomHead[]> {
    const hurried = deadlineAt === undefined ? {} : { deadlineAt: Math.max(deadlineAt, this.now() + minimumMs) };
    const { rooms } = await this.pool.call('listRoomHeads', {}, { ...this.context({ userId }), ...hurried });
    return rooms;
  }

  /** Where rooms stand by the log itself; at most 200. Rooms that do not exist are left out. */
  async getRoomHeads(roomIds: readonly string[]): Promise<readonly RoomHead[]> {
    const { rooms } = await this.pool.call(
      'getRoomHeads',
      { roomIds, knownHeads: [], knownEpochs: [] },
      this.context({}),
    );
    return rooms;
  }

  /**
   * Those of at most 200 rooms whose log is not what was passed on here any more, and where they stand: at `memberRev` 0 if
   * they are there no longer.
   */
  async roomsGoneBack(known: readonly SeenRoom[]): Promise<readonly RoomHead[]> {
    const request = {
      roomIds: known.map(({ roomId }) => roomId),
      knownHeads: known.map(({ head }) => head),
      knownEpochs: known.map(({ epoch }) => epoch),
    };
    const { rooms } = await this.pool.call('getRoomHeads', request, this.context({}));
    return rooms;
  }

  /** Current participants of a room. */
  listParticipants(roomId: string): Promise<wire.ListParticipantsResponse> {
    return this.pool.call('listParticipants', { roomId }, this.context({ roomId }));
  }

  /** The page above `afterId`, as this participant may see it. */
  historyAfter(
    userId: UserId,
    roomId: string,
    afterId: number,
    limit: number,
  ): Promise<wire.GetMessageHistoryResponse> {
    return this.pool.call('getMessageHistory', { roomId, limit, afterId }, this.context({ userId, roomId }));
  }

  /** All revocations in force, or those made within this time before now, milliseconds. */
  async listRevocations(withinMs = 0): Promise<readonly wire.Revocation[]> {
    const { revocations } = await this.pool.call('listRevocations', { withinMs }, this.context({}));
    return revocations;
  }

  private context({ userId = '', roomId }: { userId?: UserId | ''; roomId?: string }): CallContext {
    const deadlineAt = this.now() + this.timeoutMs;
    return { userId, traceId: newTraceparent(), deadlineAt, ...(roomId === undefined ? {} : { roomId }) };
  }
}

/** What was passed on here of a room. */
export type SeenRoom = Pick<RoomHead, 'roomId' | 'head' | 'epoch'>;
