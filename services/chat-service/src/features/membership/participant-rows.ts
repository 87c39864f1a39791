import type { RoomId } from '@parlance/proto';
import type { MongoParticipantStore } from '../rooms/mongo-participant-store.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { LogReader } from '../slots/log-reader.js';

/** The rows of those who come into a room, and of those who are gone. */
export class ParticipantRows {
  constructor(
    private readonly participants: MongoParticipantStore,
    private readonly log: LogReader,
    private readonly now: () => number,
  ) {}

  /**
   * Prepares the rows of users who are about to be let in: they see the room from its head on, or all of it (R13: only
   * participants, two seconds late at most).
   */
  async enter(room: StoredRoom, userIds: readonly string[]): Promise<void> {
    const { head } = await this.log.head(room);
    const firstVisibleId = room.historyVisibility === 'joined' ? head + 1 : 1;
    const { memberRev } = room;
    const entry = { userIds, memberRev, firstVisibleId, head, joinedAt: this.now() };
    await this.participants.enter(room.roomId as RoomId, entry);
  }

  /** Ends the rows of users who are not in the room of this `memberRev`. */
  async leave(roomId: RoomId, userIds: readonly string[], memberRev: number): Promise<void> {
    if (userIds.length > 0) await this.participants.leave(roomId, userIds, memberRev, this.now());
  }

  /** The rows without end of a room. */
  inRoom(roomId: RoomId): ReturnType<MongoParticipantStore['inRoom']> {
    return this.participants.inRoom(roomId);
  }
}
