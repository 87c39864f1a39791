import type { RoomId, UserId } from '@parlance/proto';
import {
  type ChatDatabase,
  canBeHeld,
  changeRoom,
  durable,
  endOfMonth,
  majority,
  noteRequest,
  type RoomDecision,
  type RoomDocument,
  type RoomPolicyDocument,
  raiseLogEpoch,
  startOfMonth,
} from '@parlance/storage';
import { type Filter, Long } from 'mongodb';
import { isDuplicateKey, mapMongoErrors } from '../../errors/mongo-errors.js';
import { clockToleranceMs } from '../months/month-keeper.js';
import type { SealedEnd, Segment } from './segment.js';
import {
  type NewRoom,
  type RoomAmong,
  type StoredRoom,
  toStoredRoom,
  toWholeRoom,
  type WholeRoom,
} from './stored-room.js';

/** A list of all participants may be long, and few readers want it. */
const withoutRoster = { participants: 0, ownerId: 0, admins: 0, requests: 0 } as const;

/** Rooms in MongoDB. Reads are from the primary at majority; writes are acknowledged by a majority. */
export class MongoRoomStore {
  constructor(private readonly database: ChatDatabase) {}

  /** One room, or undefined. */
  async read(roomId: RoomId): Promise<StoredRoom | undefined> {
    return (await this.readMany([roomId]))[0];
  }

  /** One room, or undefined, by a linearizable read: no deposed primary answers it. */
  async readLatest(roomId: RoomId): Promise<StoredRoom | undefined> {
    return mapMongoErrors(async () => {
      const options = { ...majority(), readConcern: { level: 'linearizable' }, projection: withoutRoster } as const;
      const found = await this.database.rooms.findOne({ _id: roomId, roomId }, options);
      return found === null ? undefined : toStoredRoom(found);
    });
  }

  /** Those of the rooms that exist, in any order; with `of` those of them that this user is in. */
  async readMany(roomIds: readonly RoomId[], of?: UserId): Promise<StoredRoom[]> {
    const filter: Filter<RoomDocument> = { roomId: { $in: [...roomIds] } };
    // The rows of rooms without a roster say it themselves.
    if (of !== undefined) filter.$or = [{ participants: of }, { participants: { $exists: false } }];
    return mapMongoErrors(async () => {
      const options = { ...majority(), projection: withoutRoster, batchSize: roomIds.length + 1 };
      const found = await this.database.rooms.find(filter, options).toArray();
      return found.map(toStoredRoom);
    });
  }

  /** Those of the rooms that exist by their ids, each with those of some users who are in it. One command. */
  async readManyWith(roomIds: readonly RoomId[], users: readonly UserId[]): Promise<ReadonlyMap<string, RoomAmong>> {
    const among = {
      $cond: [{ $isArray: '$participants' }, { $setIntersection: ['$participants', [...users]] }, '$$REMOVE'],
    };
    const { participants: _participants, ...unneeded } = withoutRoster;
    const stages = [
      { $match: { roomId: { $in: [...roomIds] } } },
      { $set: { participants: among } },
      { $unset: Object.keys(unneeded) },
    ];
    return mapMongoErrors(async () => {
      const found = await this.database.rooms
        .aggregate<RoomDocument>(stages, { ...majority(), batchSize: roomIds.length + 1 })
        .toArray();
      return new Map(
        found.map((room) => [
          room.roomId,
          { room: toStoredRoom(room), among: room.participants && new Set<string>(room.participants) },
        ]),
      );
    });
  }

  /** Those of the rooms that exist, in any order, with those who are in them. */
  async readManyWhole(roomIds: readonly string[]): Promise<WholeRoom[]> {
    return mapMongoErrors(async () => {
      const options = { ...majority(), batchSize: roomIds.length + 1 };
      const found = await this.database.rooms.find({ roomId: { $in: [...roomIds] } }, options).toArray();
      return found.map(toWholeRoom);
    });
  }

  /** One room with those who are in it, or undefined. */
  async readWhole(roomId: RoomId): Promise<WholeRoom | undefined> {
    return mapMongoErrors(async () => {
      const room = await this.database.rooms.findOne({ roomId }, majority());
      return room ? toWholeRoom(room) : undefined;
    });
  }

  /** Has a request count as carried out though it changed nothing. */
  async noteRequest(roomId: RoomId, requestId: string): Promise<void> {
    await mapMongoErrors(() => noteRequest(this.database, roomId, requestId));
  }

  /** Creates a room. `false` when a room of this id exists already, which then stays as it is. */
  async create(room: NewRoom): Promise<boolean> {
    const { monthYear, createdAt, roster, ...fields } = room;
    return mapMongoErrors(async () => {
      try {
        await this.database.rooms.insertOne(
          {
            _id: room.roomId,
            ...fields,
            ...roster,
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
   * that its month is due (R6: a month ends with its seal). Whether it was this call or another pod's shows when the
   * room is read again.
   */
  async pushSegment(room: StoredRoom, segment: Omit<Segment, 'openedAt'>): Promise<void> {
    const last = room.segments.length - 1;
    await mapMongoErrors(() =>
      this.database.rooms.updateOne(
        {
          roomId: room.roomId,
          segments: { $size: room.segments.length },
          // Stryker disable next-line OptionalChaining: a room is created with a segment and keeps it.
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

  /** What holds for a room beside its settings, or undefined when there is no such room. */
  async readPolicy(roomId: RoomId): Promise<RoomPolicyDocument | undefined> {
    return mapMongoErrors(async () => {
      const found = await this.database.rooms.findOne({ roomId }, { ...majority(), projection: { policy: 1 } });
      return found === null ? undefined : (found.policy ?? {});
    });
  }

  /** Replaces it. It counts as a change of the room, so that whoever decided one before sees it. */
  async writePolicy(roomId: RoomId, policy: RoomPolicyDocument): Promise<void> {
    await mapMongoErrors(
      () =>
        this.database.rooms.updateOne(
          { roomId },
          { $set: { policy }, $inc: { memberRev: Long.fromNumber(1) } },
          durable(),
        ),
      'unknown',
    );
  }

  /** Whether no job may be emptying messages of the room any more: what a hold has to wait for. */
  async canBeHeld(roomId: RoomId): Promise<boolean> {
    return mapMongoErrors(() => canBeHeld(this.database, roomId));
  }

  /** Begins a new epoch of a room's log if it still stands at `from`; somebody else may have done so before. */
  async beginEpoch(roomId: RoomId, from: number): Promise<void> {
    await mapMongoErrors(() => raiseLogEpoch(this.database, { roomId, from }), 'unknown');
  }

  /** Notes where rooms end whose last segment is sealed, if it is still their last one. One command. */
  async noteEnds(ends: readonly { readonly room: StoredRoom; readonly end: SealedEnd }[]): Promise<void> {
    const updates = ends.map(({ room: { roomId, segments }, end: { head, timestamp } }) => {
      const last = segments.length - 1;
      const end = {
        head: Long.fromNumber(head),
        ...(timestamp === undefined ? {} : { timestamp: new Date(timestamp) }),
      };
      return {
        updateOne: {
          filter: {
            roomId,
            segments: { $size: segments.length },
            [`segments.${last}.monthYear`]: segments[last]?.monthYear,
          },
          update: { $set: { [`segments.${last}.end`]: end } },
        },
      };
    });
    await mapMongoErrors(() => this.database.rooms.bulkWrite(updates, { ...durable(), ordered: false }));
  }

  /**
   * Changes a room if it is still as it was read, and says whether; its events are then `unlogged`. Errors:
   * STORE_UNAVAILABLE, unknown: it may have changed or change yet.
   */
  async change(room: StoredRoom, decision: RoomDecision): Promise<boolean> {
    const rev = room.rev + room.unlogged.length;
    return mapMongoErrors(() => changeRoom(this.database, { ...room, rev }, decision), 'unknown');
  }
}
