import { ChatError, type RoomId } from '@parlance/proto';
import { type ChatDatabase, durable, majority, type RoomEventDocument } from '@parlance/storage';
import { Long, MongoBulkWriteError, ObjectId } from 'mongodb';
import { isDuplicateKey, storeUnavailable } from '../../errors/mongo-errors.js';

/** A room event with numbers in place of BSON types. */
export interface StoredRoomEvent extends Omit<RoomEventDocument, '_id' | 'rev' | 'at'> {
  readonly rev: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** A room event before it has its number. */
export type NewRoomEvent = Omit<StoredRoomEvent, 'rev'>;

/** Writers that meet in one room try again this often before they give up. */
const attempts = 20;

/**
 * Room events in MongoDB: the room's second gapless sequence. Like a message, an event is inserted at the number after
 * the newest one under a unique index, and only after that one was read at majority, so numbers have no holes.
 */
export class MongoRoomEventStore {
  constructor(private readonly database: ChatDatabase) {}

  /**
   * Appends events of one room, in their order, and answers their numbers, ascending; others' events may lie between.
   * They go as one ordered command, which stops at the first number that somebody else has taken, so no hole arises.
   * Errors: STORE_UNAVAILABLE.
   */
  async append(events: readonly NewRoomEvent[]): Promise<number[]> {
    const rows = events.map((event) => ({ ...event, _id: new ObjectId(), at: new Date(event.at) }));
    const revs: number[] = [];
    return storeUnavailable(async () => {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const rest = rows.slice(revs.length);
        const [next] = rest;
        if (next === undefined) return revs;
        const first = (await this.#newest(next.roomId)) + 1;
        // What was inserted is gone again, or cannot be seen yet: going on would count it twice.
        if (first <= (revs.at(-1) ?? 0)) break;
        const inserted = await this.#insert(
          rest.map((row, index) => ({ ...row, rev: Long.fromNumber(first + index) })),
        );
        for (let index = 0; index < inserted; index++) revs.push(first + index);
        if (inserted === rest.length) return revs;
      }
      throw new ChatError('STORE_UNAVAILABLE', { message: 'Too many changes of this room at once; retry.' });
    }, 'unknown');
  }

  /** Events after a number, ascending, at most `limit`. A hole is an error, never an answer. */
  async after(roomId: RoomId, rev: number, limit: number): Promise<StoredRoomEvent[]> {
    return storeUnavailable(async () => {
      const found = await this.database.roomEvents
        .find({ roomId, rev: { $gt: Long.fromNumber(rev) } }, { ...majority(), sort: { rev: 1 }, limit })
        .toArray();
      const events = found.map(decode);
      if (events.every((event, index) => event.rev === rev + 1 + index)) return events;
      throw new ChatError('STORE_UNAVAILABLE', { message: "A part of this room's events cannot be read now; retry." });
    });
  }

  /** Inserts rows up to the first whose number is taken; answers how many. */
  async #insert(rows: readonly RoomEventDocument[]): Promise<number> {
    try {
      await this.database.roomEvents.insertMany([...rows], { ...durable(), ordered: true });
      return rows.length;
    } catch (error) {
      if (isDuplicateKey(error) && error instanceof MongoBulkWriteError) return error.insertedCount;
      throw error;
    }
  }

  async #newest(roomId: string): Promise<number> {
    const [last] = await this.database.roomEvents
      .find({ roomId }, { ...majority(), sort: { rev: -1 }, limit: 1, projection: { rev: 1 } })
      .toArray();
    return Number(last?.rev ?? 0);
  }
}

function decode({ _id, rev, at, ...event }: RoomEventDocument): StoredRoomEvent {
  return { ...event, rev: Number(rev), at: at.getTime() };
}
