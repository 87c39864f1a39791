import type { RoomId, UserId } from '@parlance/proto';
import { type ChatDatabase, durable, majority, type ParticipantDocument } from '@parlance/storage';
import { type Filter, Long, ObjectId } from 'mongodb';
import { storeUnavailable } from '../../errors/mongo-errors.js';

/** A user's place in a room, with numbers in place of BSON types. */
export interface Participant {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly role: ParticipantDocument['role'];
  readonly firstVisibleId: number;
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  /** Unix milliseconds when `readUpTo` last rose; 0 if it never did. */
  readonly readAt: number;
  /** Unix milliseconds. */
  readonly joinedAt: number;
}

/** What a user who enters a room gets. */
export interface Entry {
  readonly userId: UserId;
  readonly role: Participant['role'];
  /** First message the user may see. */
  readonly firstVisibleId: number;
  /** Unix milliseconds. */
  readonly joinedAt: number;
}

/** Participants in MongoDB. Reads are from the primary at majority; writes are acknowledged by a majority. */
export class MongoParticipantStore {
  constructor(private readonly database: ChatDatabase) {}

  /** The current participants of a room. */
  async inRoom(roomId: RoomId): Promise<Participant[]> {
    return this.#find({ roomId, leftAt: null });
  }

  /** One current participant, or undefined. */
  async find(roomId: RoomId, userId: UserId): Promise<Participant | undefined> {
    return (await this.#find({ roomId, userId, leftAt: null }))[0];
  }

  /** The current memberships of a user. */
  async ofUser(userId: UserId): Promise<Participant[]> {
    return this.#find({ userId, leftAt: null });
  }

  /** The current participants of some rooms whose delivered marks lie below `to`: one query for all of them. */
  async behind(rooms: readonly { readonly roomId: string; readonly to: number }[]): Promise<Participant[]> {
    return this.#find({
      $or: rooms.map(({ roomId, to }) => ({ roomId, leftAt: null, deliveredUpTo: { $lt: Long.fromNumber(to) } })),
    });
  }

  /**
   * Lets users into a room. Who is in already stays as they are; who was in before keeps the row, with the watermarks
   * raised to what they may not see (R13).
   */
  async enter(roomId: RoomId, entries: readonly Entry[]): Promise<void> {
    const operations = entries.flatMap(({ userId, role, firstVisibleId, joinedAt }) => {
      const floor = Long.fromNumber(firstVisibleId - 1);
      return [
        {
          updateOne: {
            filter: { roomId, userId, leftAt: { $ne: null } },
            update: {
              $set: {
                leftAt: null,
                role,
                joinedAt: new Date(joinedAt),
                firstVisibleId: Long.fromNumber(firstVisibleId),
              },
              $max: { deliveredUpTo: floor, readUpTo: floor },
            },
          },
        },
        {
          updateOne: {
            filter: { roomId, userId },
            update: {
              $setOnInsert: {
                _id: new ObjectId(),
                leftAt: null,
                role,
                joinedAt: new Date(joinedAt),
                firstVisibleId: Long.fromNumber(firstVisibleId),
                deliveredUpTo: floor,
                readUpTo: floor,
              },
            },
            upsert: true,
          },
        },
      ];
    });
    await storeUnavailable(
      () => this.database.participants.bulkWrite(operations, { ...durable(), ordered: true }),
      'unknown',
    );
  }

  /**
   * Lets the first users into a room that is about to be created under an id that nobody has used. A thousand of them
   * are one command.
   */
  async settle(roomId: RoomId, entries: readonly Entry[]): Promise<void> {
    const rows = entries.map(({ userId, role, firstVisibleId, joinedAt }): ParticipantDocument => {
      const floor = Long.fromNumber(firstVisibleId - 1);
      const marks = { firstVisibleId: Long.fromNumber(firstVisibleId), deliveredUpTo: floor, readUpTo: floor };
      return { _id: new ObjectId(), roomId, userId, role, leftAt: null, joinedAt: new Date(joinedAt), ...marks };
    });
    await storeUnavailable(
      () => this.database.participants.insertMany(rows, { ...durable(), ordered: false }),
      'unknown',
    );
  }

  /** Marks a user as gone; `false` when the user was not in the room. */
  async leave(roomId: RoomId, userId: UserId, leftAt: number): Promise<boolean> {
    const result = await storeUnavailable(
      () =>
        this.database.participants.updateOne(
          { roomId, userId, leftAt: null },
          { $set: { leftAt: new Date(leftAt) } },
          durable(),
        ),
      'unknown',
    );
    return result.modifiedCount === 1;
  }

  /** Gives a current participant a role. */
  async setRole(roomId: RoomId, userId: UserId, role: Participant['role']): Promise<void> {
    await storeUnavailable(
      () => this.database.participants.updateOne({ roomId, userId, leftAt: null }, { $set: { role } }, durable()),
      'unknown',
    );
  }

  async #find(filter: Filter<ParticipantDocument>): Promise<Participant[]> {
    return storeUnavailable(async () => {
      const found = await this.database.participants.find(filter, majority()).toArray();
      return found.map(decode);
    });
  }
}

function decode(row: ParticipantDocument): Participant {
  return {
    roomId: row.roomId as RoomId,
    userId: row.userId as UserId,
    role: row.role,
    firstVisibleId: Number(row.firstVisibleId),
    deliveredUpTo: Number(row.deliveredUpTo),
    readUpTo: Number(row.readUpTo),
    readAt: row.readAt?.getTime() ?? 0,
    joinedAt: row.joinedAt.getTime(),
  };
}
