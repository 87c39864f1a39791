import { ChatError, type RoomId } from '@parlance/proto';
import {
  type ChatDatabase,
  durable,
  endOfMonth,
  type MonthYear,
  majority,
  type RoomDocument,
  startOfMonth,
} from '@parlance/storage';
import { Long } from 'mongodb';
import { isDuplicateKey, storeUnavailable } from '../../errors/mongo-errors.js';
import type { Segment } from '../messages/room-tail.js';
import { clockToleranceMs } from '../months/month-keeper.js';

/** A room with numbers in place of BSON types. */
export interface StoredRoom extends Omit<RoomDocument, '_id' | 'memberRev' | 'rev' | 'segments' | 'createdAt'> {
  readonly memberRev: number;
  readonly rev: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly segments: readonly Segment[];
}

/** A room to be created. Its log starts empty in `monthYear`. */
export interface NewRoom extends Omit<StoredRoom, 'memberRev' | 'rev' | 'segments'> {
  readonly monthYear: MonthYear;
}

/** Rooms in MongoDB. Reads are from the primary at majority; writes are acknowledged by a majority. */
export class MongoRoomStore {
  constructor(private readonly database: ChatDatabase) {}

  /** One room, or undefined. */
  async read(roomId: RoomId): Promise<StoredRoom | undefined> {
    return (await this.readMany([roomId]))[0];
  }

  /** Those of the rooms that exist, in any order. */
  async readMany(roomIds: readonly RoomId[]): Promise<StoredRoom[]> {
    return storeUnavailable(async () => {
      const found = await this.database.rooms.find({ roomId: { $in: [...roomIds] } }, majority()).toArray();
      return found.map(decode);
    });
  }

  /** Creates a room. `false` when a room of this id exists already, which then stays as it is. */
  async create(room: NewRoom): Promise<boolean> {
    const { monthYear, createdAt, ...fields } = room;
    return storeUnavailable(async () => {
      try {
        await this.database.rooms.insertOne(
          {
            _id: room.roomId,
            ...fields,
            createdAt: new Date(createdAt),
            memberRev: Long.fromNumber(1),
            rev: Long.fromNumber(0),
            segments: [{ monthYear, firstId: Long.fromNumber(1), openedAt: new Date(createdAt) }],
          },
          durable(),
        );
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    }, 'unknown');
  }

  /**
   * Adds a segment behind the room's last one, if the chain is still the one that was read and MongoDB's own clock says
   * that its month is due (R6). Whether it was this call or another pod's shows when the room is read again.
   */
  async pushSegment(room: StoredRoom, segment: Omit<Segment, 'openedAt'>): Promise<void> {
    const last = room.segments.length - 1;
    await storeUnavailable(() =>
      this.database.rooms.updateOne(
        {
          roomId: room.roomId,
          segments: { $size: room.segments.length },
          [`segments.${last}.monthYear`]: room.segments[last]?.monthYear,
          $expr: {
            $and: [
              { $gte: [{ $add: ['$$NOW', clockToleranceMs] }, new Date(startOfMonth(segment.monthYear))] },
              { $lt: [{ $subtract: ['$$NOW', clockToleranceMs] }, new Date(endOfMonth(segment.monthYear))] },
            ],
          },
        },
        [
          {
            $set: {
              segments: {
                $concatArrays: [
                  '$segments',
                  [{ monthYear: segment.monthYear, firstId: Long.fromNumber(segment.firstId), openedAt: '$$NOW' }],
                ],
              },
            },
          },
        ],
        durable(),
      ),
    );
  }

  /** Changes what a room shows of itself and its rules. */
  async update(roomId: RoomId, fields: RoomSettings): Promise<void> {
    await storeUnavailable(
      () => this.database.rooms.updateOne({ roomId }, { $set: { ...fields } }, durable()),
      'unknown',
    );
  }

  /**
   * Counts a change: `memberRev` by one, `rev` up to the newest room event. Answers the new `memberRev`, which is this
   * change's own. Call it after the participants and the events are written (R13). Errors: ROOM_NOT_FOUND.
   */
  async raise(roomId: RoomId, rev: number): Promise<number> {
    return storeUnavailable(async () => {
      const room = await this.database.rooms.findOneAndUpdate(
        { roomId },
        { $inc: { memberRev: Long.fromNumber(1) }, $max: { rev: Long.fromNumber(rev) } },
        { ...durable(), returnDocument: 'after', projection: { memberRev: 1 } },
      );
      if (!room) throw new ChatError('ROOM_NOT_FOUND');
      return Number(room.memberRev);
    }, 'unknown');
  }
}

/** What an owner or admin may change of a room. */
export type RoomSettings = Pick<StoredRoom, 'metadata' | 'joinRule' | 'historyVisibility'>;

function decode(room: RoomDocument): StoredRoom {
  const { _id, memberRev, rev, segments, createdAt, ...fields } = room;
  return {
    ...fields,
    memberRev: Number(memberRev),
    rev: Number(rev ?? 0),
    createdAt: createdAt.getTime(),
    segments: segments.map(({ monthYear, firstId, openedAt }) => ({
      monthYear,
      firstId: Number(firstId),
      openedAt: openedAt.getTime(),
    })),
  };
}
