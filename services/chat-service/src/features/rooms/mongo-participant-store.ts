import type { RoomId, UserId } from '@parlance/proto';
import {
  type ChatDatabase,
  durable,
  majority,
  type ParticipantDocument,
  participantIndexes,
  type RosterRole,
} from '@parlance/storage';
import { type Filter, type FindOptions, Long, ObjectId } from 'mongodb';
import { duplicatesOf, mapMongoErrors } from '../../errors/mongo-errors.js';

/** A user's place in a room, with numbers in place of BSON types. */
export interface Place {
  readonly roomId: RoomId;
  readonly userId: UserId;
  readonly firstVisibleId: number;
  /** First message after the latest join. */
  readonly countsFrom: number;
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  /** Unix milliseconds when `readUpTo` last rose; 0 if it never did. */
  readonly readAt: number;
  /** Unix milliseconds. */
  readonly joinedAt: number;
}

/** What users who enter a room get. */
export interface Entry {
  readonly userIds: readonly string[];
  /** The room's `memberRev` as it was read, without these users in it. */
  readonly memberRev: number;
  /** First message that they may see. */
  readonly firstVisibleId: number;
  /** Newest message of the room: receipts and unread count from the next one. */
  readonly head: number;
  /** Unix milliseconds. */
  readonly joinedAt: number;
}

/** Rows that come with the answer to a query, of 16 MB at most; without it they are 101. */
const rowsAtATime = 20_000;

/** After this long no entry that was begun can come to an end any more, milliseconds. */
const abandonedMs = 2 * 60_000;

/**
 * What is particular to each participant of a room, in MongoDB. Who is in a room, its own document says: a row without end
 * may be of somebody who has just gone, or whose joining came to nothing. Reads are from the primary at majority; writes
 * are acknowledged by a majority.
 */
export class MongoParticipantStore {
  constructor(private readonly database: ChatDatabase) {}

  /** The rows without end of a room: those of its participants, and perhaps others. */
  async inRoom(roomId: RoomId): Promise<Row[]> {
    return this.inRooms([roomId]);
  }

  /** A user's place in a room, or undefined. */
  async find(roomId: RoomId, userId: UserId): Promise<Place | undefined> {
    return (await this.findRows({ roomId, userId, leftAt: null }))[0];
  }

  /** A user's places, perhaps also in rooms that the user has just left. */
  async ofUser(userId: UserId): Promise<Place[]> {
    return this.ofUsers([userId]);
  }

  /** The rows without end of some rooms, in any order. One command; of one room the same as {@link inRoom}. */
  async inRooms(roomIds: readonly RoomId[]): Promise<Row[]> {
    const [roomId] = roomIds;
    return this.findRows({ roomId: roomIds.length === 1 && roomId ? roomId : { $in: [...roomIds] }, leftAt: null });
  }

  /** The places of some users, in any order, perhaps also in rooms that they have just left. One command. */
  async ofUsers(userIds: readonly UserId[]): Promise<Row[]> {
    const [userId] = userIds;
    return this.findRows({ userId: userIds.length === 1 && userId ? userId : { $in: [...userIds] }, leftAt: null });
  }

  /** The current participants of some rooms whose delivered marks lie below `to`: one query for all of them. */
  async behind(rooms: readonly { readonly roomId: string; readonly to: number }[]): Promise<Place[]> {
    const [roomUser] = participantIndexes;
    return this.findRows(
      { $or: rooms.map(({ roomId, to }) => ({ roomId, leftAt: null, deliveredUpTo: { $lt: Long.fromNumber(to) } })) },
      // On a cluster the planner would try out two indexes for each of the branches.
      { hint: roomUser.key },
    );
  }

  /**
   * Prepares the rows of users who are about to be let into a room and are not in it. Who was in before keeps the row,
   * with the watermarks raised to the head (R13: only participants, two seconds late at most). The row of a stay that
   * the room already knows of, or may yet, is left alone. However many come for the first time, they are one command.
   */
  async enter(roomId: RoomId, { userIds, ...entry }: Entry): Promise<void> {
    const { stay, read } = stayOf(entry);
    // An ended row is of an earlier `memberRev` too.
    const isOver = [
      { memberRev: { $not: { $gte: stay.memberRev } } },
      { joinedAt: { $lt: new Date(entry.joinedAt - abandonedMs) } },
    ];
    const marks = { deliveredUpTo: read, readUpTo: read };
    await mapMongoErrors(async () => {
      const known = await this.insert(
        userIds.map((userId) => ({ _id: new ObjectId(), roomId, userId, ...stay, ...marks })),
      );
      if (known.length === 0) return;
      const filter = { roomId, userId: { $in: [...known] }, $or: isOver };
      await this.database.participants.updateMany(filter, { $set: stay, $max: marks }, durable());
    }, 'unknown');
  }

  /** Ends the rows of users who are not in the room of this `memberRev`, but for those of stays that begin after it. */
  async leave(roomId: RoomId, userIds: readonly string[], memberRev: number, leftAt: number): Promise<void> {
    await mapMongoErrors(
      () =>
        this.database.participants.updateMany(
          {
            roomId,
            userId: { $in: [...userIds] },
            leftAt: null,
            memberRev: { $not: { $gte: Long.fromNumber(memberRev) } },
          },
          { $set: { leftAt: new Date(leftAt) } },
          durable(),
        ),
      'unknown',
    );
  }

  /** Inserts rows of one room, and answers the users who have one already. */
  private async insert(rows: readonly ParticipantDocument[]): Promise<readonly string[]> {
    try {
      await this.database.participants.insertMany([...rows], { ...durable(), ordered: false });
      return [];
    } catch (error) {
      const duplicates = duplicatesOf(error);
      if (!duplicates) throw error;
      const isKnown = new Set(duplicates);
      return rows.filter((_, index) => isKnown.has(index)).map(({ userId }) => userId);
    }
  }

  private async findRows(filter: Filter<ParticipantDocument>, options: Pick<FindOptions, 'hint'> = {}): Promise<Row[]> {
    return mapMongoErrors(async () => {
      const found = await this.database.participants
        .find(filter, { ...majority(), batchSize: rowsAtATime, ...options })
        .toArray();
      return found.map(decode);
    });
  }
}

/** A place as it was stored; rows of an earlier build have the role. */
export interface Row extends Place {
  readonly role?: RosterRole;
}

/** What a row holds of a stay that begins, and the marks that it begins with. */
function stayOf({ memberRev, firstVisibleId, head, joinedAt }: Omit<Entry, 'userIds'>) {
  const stay = {
    leftAt: null,
    memberRev: Long.fromNumber(memberRev),
    joinedAt: new Date(joinedAt),
    firstVisibleId: Long.fromNumber(firstVisibleId),
    countsFrom: Long.fromNumber(head + 1),
  };
  return { stay, read: Long.fromNumber(head) };
}

function decode(row: ParticipantDocument): Row {
  const { role, firstVisibleId, countsFrom = firstVisibleId } = row;
  return {
    roomId: row.roomId as RoomId,
    userId: row.userId as UserId,
    ...(role === undefined ? {} : { role }),
    firstVisibleId: Number(firstVisibleId),
    countsFrom: Number(countsFrom),
    deliveredUpTo: Number(row.deliveredUpTo),
    readUpTo: Number(row.readUpTo),
    readAt: row.readAt?.getTime() ?? 0,
    joinedAt: row.joinedAt.getTime(),
  };
}
