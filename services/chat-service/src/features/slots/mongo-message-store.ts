import {
  type ChatDatabase,
  hasClientMessageId,
  type InsertOutcome,
  insertSlots,
  type MonthYear,
  majority,
  messageCollectionName,
  messageIndexes,
  readLastSlots,
  type SlotDocument,
} from '@parlance/storage';
import { type Document, Long } from 'mongodb';
import { mapMongoErrors } from '../../errors/mongo-errors.js';
import type { ClientKey, IdRange, NewSlot, StoredSlot } from './message-store.js';
import { storedForm } from './slot.mapper.js';

/** How long one command may take on the server, milliseconds. Callers retry within their own deadline. */
export const commandMs = 3_000;

/**
 * A query that is not sorted by the index it needs names it. On a cluster the planner also has that of the shard key: for
 * several branches it tries every combination (3.7 s of CPU for 500 of them, 0.1 s with a hint), and for a room with nothing
 * in the month it takes that one and remembers it (MongoDB 6.0.5).
 */
const [slotIndex, clientIdIndex] = messageIndexes;

/** The message log in MongoDB. It decides nothing: each method is one command and says what came of it. */
export class MongoMessageStore {
  constructor(private readonly database: ChatDatabase) {}

  /**
   * One insert command for slots of one month. `ordered` for several slots of one room, unordered for at most one slot
   * a room (R2: the log is the counter). Never throws: each document has its outcome.
   */
  insert(month: MonthYear, slots: readonly NewSlot[], ordered: boolean): Promise<InsertOutcome[]> {
    return insertSlots(this.database, month, slots, { ordered, timeoutMs: commandMs });
  }

  /** The newest slot of a room in a month, a seal included; undefined when the room has none there. */
  async readLast(month: MonthYear, roomId: string, maxTimeMS = commandMs): Promise<StoredSlot | undefined> {
    return mapMongoErrors(async () => {
      const [last] = await this.database
        .messages(month)
        .find({ monthYear: month, roomId }, { ...majority(maxTimeMS), sort: { messageId: -1 }, limit: 1 })
        .toArray();
      return last && storedForm(last);
    });
  }

  /**
   * The newest slots of several rooms in a month, seals included, by room id; rooms without any there are missing. One
   * command, a key a room.
   */
  async readLasts(
    month: MonthYear,
    roomIds: readonly string[],
    maxTimeMS = commandMs,
  ): Promise<ReadonlyMap<string, LastSlot>> {
    return mapMongoErrors(async () => {
      const found = await readLastSlots(this.database, month, roomIds, majority(maxTimeMS));
      return new Map(
        found.map(({ _id, kind, messageId, timestamp }) => [
          _id,
          { kind: kind ?? 'message', messageId: Number(messageId), timestamp: timestamp.getTime() },
        ]),
      );
    });
  }

  /** The times of one slot of each of several rooms in a month, by room id, Unix milliseconds. One command. */
  async readTimestamps(
    month: MonthYear,
    slots: readonly { readonly roomId: string; readonly messageId: number }[],
  ): Promise<ReadonlyMap<string, number>> {
    return mapMongoErrors(async () => {
      const found = await this.database
        .messages(month)
        .find(
          {
            monthYear: month,
            $or: slots.map(({ roomId, messageId }) => ({ roomId, messageId: Long.fromNumber(messageId) })),
          },
          {
            ...majority(commandMs),
            projection: { roomId: 1, timestamp: 1 },
            batchSize: slots.length + 1,
            hint: slotIndex.key,
          },
        )
        .toArray();
      return new Map(found.map(({ roomId, timestamp }) => [roomId, timestamp.getTime()]));
    });
  }

  /** Whether a message has its place in a month, by a linearizable read: "no" holds until somebody writes it. */
  async hasMessage(month: MonthYear, roomId: string, messageId: number): Promise<boolean> {
    return mapMongoErrors(async () => {
      const slot = await this.database.messages(month).findOne(
        { monthYear: month, roomId, messageId: Long.fromNumber(messageId) },
        {
          ...majority(commandMs),
          readConcern: { level: 'linearizable' },
          projection: { kind: 1 },
          hint: slotIndex.key,
        },
      );
      return slot !== null && slot.kind !== 'seal';
    });
  }

  /** The slots of a room in a month whose ids lie in a range, ascending. */
  async readRange(
    month: MonthYear,
    roomId: string,
    { from, to }: IdRange,
    maxTimeMS = commandMs,
  ): Promise<StoredSlot[]> {
    return mapMongoErrors(async () => {
      const found = await this.database
        .messages(month)
        .find(
          { monthYear: month, roomId, messageId: { $gte: Long.fromNumber(from), $lte: Long.fromNumber(to) } },
          { ...majority(maxTimeMS), sort: { messageId: 1 }, batchSize: to - from + 2 },
        )
        .toArray();
      return found.map(storedForm);
    });
  }

  /** The slots of several months of a room, ascending; one command however many there are. Parts in the order of their ids. */
  async readParts(roomId: string, parts: readonly SlotPart[], maxTimeMS = commandMs): Promise<StoredSlot[]> {
    const [first, ...others] = parts;
    if (!first) return [];
    if (others.length === 0) return this.readRange(first.month, roomId, first, maxTimeMS);
    const stagesOf = ({ month, from, to }: SlotPart): Document[] => [
      { $match: { monthYear: month, roomId, messageId: { $gte: Long.fromNumber(from), $lte: Long.fromNumber(to) } } },
      { $sort: { messageId: 1 } },
    ];
    const unions = others.map((part) => ({
      $unionWith: { coll: messageCollectionName(part.month), pipeline: stagesOf(part) },
    }));
    const slots = parts.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return mapMongoErrors(async () => {
      const found = await this.database
        .messages(first.month)
        .aggregate<SlotDocument>([...stagesOf(first), ...unions], { ...majority(maxTimeMS), batchSize: slots + 1 })
        .toArray();
      return found.map(storedForm).toSorted((one, other) => one.messageId - other.messageId);
    });
  }

  /** What tells retries of the newest `limit` slots of a room in a month, the newest first, seals included. */
  async readNewest(month: MonthYear, roomId: string, limit: number): Promise<NewestSlot[]> {
    const projection = { _id: 0, kind: 1, senderId: 1, clientMessageId: 1, timestamp: 1 } as const;
    return mapMongoErrors(async () => {
      const found = await this.database
        .messages(month)
        .find(
          { monthYear: month, roomId },
          { ...majority(commandMs), sort: { messageId: -1 }, limit, batchSize: limit, projection },
        )
        .toArray();
      return found.map((slot) => {
        const { kind, senderId, clientMessageId, timestamp } = storedForm(slot);
        return { kind, senderId, clientMessageId, timestamp };
      });
    });
  }

  /**
   * The stored messages behind client ids. `linearizable` for a segment that is already sealed, where an answer of
   * "none" must hold for good (R5: a client id makes a retry safe); else `majority`.
   */
  async findByClientKeys(
    month: MonthYear,
    roomId: string,
    keys: readonly ClientKey[],
    level: 'majority' | 'linearizable' = 'majority',
  ): Promise<StoredSlot[]> {
    return mapMongoErrors(async () => {
      const found = await this.database
        .messages(month)
        .find(
          {
            monthYear: month,
            roomId,
            $or: keys.map(({ senderId, clientMessageId }) => ({
              $and: [{ senderId, clientMessageId }, hasClientMessageId],
            })),
          },
          { ...majority(commandMs), readConcern: { level }, hint: clientIdIndex.key },
        )
        .toArray();
      return found.map(storedForm);
    });
  }
}

/** What a segment's newest slot tells of its end. */
export type LastSlot = Pick<StoredSlot, 'kind' | 'messageId' | 'timestamp'>;

/** Slots of one month. */
export interface SlotPart extends IdRange {
  readonly month: MonthYear;
  /** Those of the month that will be asked for next, with these: worth it where a read costs more than what it reads. */
  readonly ahead: IdRange;
}

/** What tells a retry, and when it was. */
export type NewestSlot = Pick<StoredSlot, 'kind' | 'senderId' | 'clientMessageId' | 'timestamp'>;
