import type { RoomId, wire } from '@parlance/proto';
import { withUnknownOutcome } from '../../errors/mongo-errors.js';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { CallContext } from '../../requests/call-context.js';
import { type CurrentRooms, describe } from './current-rooms.js';
import { directRoomId } from './direct-room-id.js';
import type { NewRooms } from './new-rooms.js';
import { checkNewRoom } from './room-requests.js';

/** Creates rooms. */
export class RoomCreationService {
  constructor(
    private readonly newRooms: NewRooms,
    private readonly current: CurrentRooms,
    private readonly publisher: Pick<EventPublisher, 'joined'>,
    private readonly newRoomId: () => RoomId,
  ) {}

  /**
   * Creates a room. A 1v1 that exists is completed if need be and returned.
   * @throws INVALID_MESSAGE, ROOM_FULL; STORE_UNAVAILABLE when this month is not open.
   */
  async createRoom(
    { userId, traceId }: CallContext,
    request: wire.CreateRoomRequest,
  ): Promise<wire.CreateRoomResponse> {
    const wanted = checkNewRoom(request, userId);
    const [left, right] = wanted.participants;
    const direct = wanted.roomType === '1v1' && left && right;
    const roomId = direct ? directRoomId(left, right) : this.newRoomId();
    if (direct && (await this.current.known(roomId))?.participants.size === 2)
      return { room: describe(await this.current.read(roomId), userId) };
    await this.newRooms.requireOpenMonth();
    return withUnknownOutcome(async () => {
      await this.newRooms.write(roomId, wanted, userId);
      const created = await this.current.read(roomId);
      const { rev, memberRev, epoch } = created.view.room;
      const users = wanted.participants.map((each) => ({ userId: each, rev }));
      this.publisher.joined({ roomId, users, head: created.end.head, memberRev, epoch, traceId });
      return { room: describe(created, userId) };
    });
  }
}
