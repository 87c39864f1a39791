import type { RoomId, UserId } from '@parlance/proto';
import { monthOf } from '@parlance/storage';
import type { MonthKeeper } from '../months/month-keeper.js';
import type { MongoParticipantStore } from '../rooms/mongo-participant-store.js';
import type { MongoRoomStore } from '../rooms/mongo-room-store.js';
import type { CheckedNewRoom } from './room-requests.js';

/** Writes rooms that are not there yet: first the rows of those who will be in it, then the room that names them. */
export class NewRooms {
  constructor(
    private readonly rooms: MongoRoomStore,
    private readonly participants: MongoParticipantStore,
    private readonly months: Pick<MonthKeeper, 'current'>,
    private readonly now: () => number,
  ) {}

  /** @throws STORE_UNAVAILABLE when this month takes no messages: a room begins in it. */
  async requireOpenMonth(): Promise<void> {
    await this.months.current();
  }

  /** A room that is there already stays as it is. @throws STORE_UNAVAILABLE, unknown. */
  async write(roomId: RoomId, wanted: CheckedNewRoom, creator: UserId): Promise<void> {
    const createdAt = this.now();
    const { participants, ...fields } = wanted;
    const isGroup = wanted.roomType === 'group';
    const entry = { userIds: participants, memberRev: 0, firstVisibleId: 1, head: 0, joinedAt: createdAt };
    await this.participants.enter(roomId, entry);
    await this.rooms.create({
      ...fields,
      roomId,
      monthYear: monthOf(createdAt),
      createdAt,
      createdBy: creator,
      roster: {
        participants: isGroup ? participants : participants.toSorted(),
        ownerId: isGroup ? creator : null,
        admins: [],
      },
    });
  }
}
