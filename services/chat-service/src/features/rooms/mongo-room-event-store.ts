import { ChatError, type RoomId } from '@parlance/proto';
import { type ChatDatabase, logRoomEvents, majority, newestRoomEvent, type RoomEventDocument } from '@parlance/storage';
import { Long } from 'mongodb';
import { mapMongoErrors } from '../../errors/mongo-errors.js';
import type { StoredRoom } from './stored-room.js';

/** A room event with numbers in place of BSON types. */
export interface StoredRoomEvent extends Omit<RoomEventDocument, '_id' | 'rev' | 'at' | 'upTo'> {
  readonly rev: number;
  /** Unix milliseconds. */
  readonly at: number;
  readonly upTo?: number;
}

/**
 * Room events in MongoDB: the room's second gapless sequence. Their numbers are given out by the write that changes the
 * room, whose document holds them until they lie here: whoever meets such events puts them in, ascending, so numbers have
 * no holes and none is lost with the pod that made the change.
 */
export class MongoRoomEventStore {
  constructor(private readonly database: ChatDatabase) {}

  /**
   * Puts in what a room holds. Done by several pods at once it is done once.
   * @throws STORE_UNAVAILABLE, unknown.
   */
  async log({ roomId, unlogged }: Pick<StoredRoom, 'roomId' | 'unlogged'>): Promise<void> {
    await mapMongoErrors(() => logRoomEvents(this.database, roomId, unlogged), 'unknown');
  }

  /** Number of a room's newest event here; 0 when it has none. */
  async newest(roomId: RoomId): Promise<number> {
    return mapMongoErrors(() => newestRoomEvent(this.database, roomId));
  }

  /** Events after a number, ascending, at most `limit`. A hole is an error, never an answer. */
  async after(roomId: RoomId, rev: number, limit: number): Promise<StoredRoomEvent[]> {
    return mapMongoErrors(async () => {
      const found = await this.database.roomEvents
        .find({ roomId, rev: { $gt: Long.fromNumber(rev) } }, { ...majority(), sort: { rev: 1 }, limit })
        .toArray();
      const events = found.map(decode);
      if (events.every((event, index) => event.rev === rev + 1 + index)) return events;
      throw new ChatError('STORE_UNAVAILABLE', { message: "A part of this room's events cannot be read now; retry." });
    });
  }
}

function decode({ _id, rev, at, upTo, ...event }: RoomEventDocument): StoredRoomEvent {
  return { ...event, rev: Number(rev), at: at.getTime(), ...(upTo && { upTo: Number(upTo) }) };
}
