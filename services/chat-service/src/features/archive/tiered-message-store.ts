import { ChatError } from '@parlance/proto';
import { ArchiveFault, type ArchiveReference, type ChatDatabase, type MonthYear } from '@parlance/storage';
import { MongoServerError } from 'mongodb';
import type { MonthHome, MonthPlaces } from '../months/month-places.js';
import type { ClientKey, IdRange, StoredSlot } from '../slots/message-store.js';
import {
  commandMs,
  type LastSlot,
  MongoMessageStore,
  type NewestSlot,
  type SlotPart,
} from '../slots/mongo-message-store.js';
import type { ArchivedMessages } from './archived-messages.js';

/** Rooms that are read side by side from an archive. */
const roomsAtATime = 8;

/**
 * The message log wherever its months lie: in MongoDB, or in the archive, where they read the same. A month may flip,
 * be restored or rewritten between two reads: where the archive does not have what is asked for, the place is read anew
 * and the month asked once more.
 * @throws also ARCHIVE_UNAVAILABLE, never fewer slots than there are.
 */
export class TieredMessageStore extends MongoMessageStore {
  constructor(
    database: ChatDatabase,
    private readonly places: MonthPlaces,
    private readonly archive: ArchivedMessages,
  ) {
    super(database);
  }

  override async readLast(month: MonthYear, roomId: string, timeMs = commandMs): Promise<StoredSlot | undefined> {
    return this.where(
      month,
      () => super.readLast(month, roomId, timeMs),
      async (archived) => (await this.archive.readNewest(archived, roomId, 1, timeMs))[0],
      (last) => last === undefined,
    );
  }

  override async readLasts(
    month: MonthYear,
    roomIds: readonly string[],
    timeMs = commandMs,
  ): Promise<ReadonlyMap<string, LastSlot>> {
    return this.where(
      month,
      () => super.readLasts(month, roomIds, timeMs),
      async (archived) => {
        const lasts = await inTurns(roomIds, (roomId) => this.archive.readNewest(archived, roomId, 1, timeMs));
        return new Map(lasts.flat().map((last) => [last.roomId, last]));
      },
      (lasts) => lasts.size < roomIds.length,
    );
  }

  override async readTimestamps(
    month: MonthYear,
    slots: readonly { readonly roomId: string; readonly messageId: number }[],
  ): Promise<ReadonlyMap<string, number>> {
    return this.where(
      month,
      () => super.readTimestamps(month, slots),
      async (archived) => {
        const found = await inTurns(slots, ({ roomId, messageId }) =>
          this.archive.readRange(archived, roomId, { from: messageId, to: messageId }, commandMs),
        );
        return new Map(found.flat().map(({ roomId, timestamp }) => [roomId, timestamp]));
      },
      (found) => found.size < slots.length,
    );
  }

  override async hasMessage(month: MonthYear, roomId: string, messageId: number): Promise<boolean> {
    return this.where(
      month,
      () => super.hasMessage(month, roomId, messageId),
      async (archived) => {
        const range = { from: messageId, to: messageId };
        const [slot] = await this.archive.readRange(archived, roomId, range, commandMs);
        return slot !== undefined && slot.kind !== 'seal';
      },
      (isThere) => !isThere,
    );
  }

  override async readRange(
    month: MonthYear,
    roomId: string,
    range: IdRange,
    timeMs = commandMs,
  ): Promise<StoredSlot[]> {
    return this.where(
      month,
      () => super.readRange(month, roomId, range, timeMs),
      (archived) => this.archive.readRange(archived, roomId, range, timeMs),
      (slots) => slots.length === 0,
    );
  }

  override async readParts(roomId: string, parts: readonly SlotPart[], timeMs = commandMs): Promise<StoredSlot[]> {
    const homes = await Promise.all(parts.map(({ month }) => this.places.of(month)));
    const live = parts.filter((_, index) => typeof homes[index] === 'string');
    const archived = parts.filter((_, index) => typeof homes[index] !== 'string');
    const [fromMongo, fromArchive] = await Promise.all([
      super.readParts(roomId, live, timeMs).catch((thrown: unknown) => {
        if (!(homes.includes('sealed') && isRefused(thrown))) throw thrown;
        this.places.forget();
        throw new ChatError('STORE_UNAVAILABLE', { cause: thrown });
      }),
      inTurns(archived, (part) => this.readPart(roomId, part, timeMs)),
    ]);
    const slots = [fromMongo, ...fromArchive].flat().toSorted((one, other) => one.messageId - other.messageId);
    // What is missing may have moved; the caller asks once more.
    if (slots.length < parts.reduce((sum, { from, to }) => sum + to - from + 1, 0)) this.places.forget();
    return slots;
  }

  /** None of an archived month: it is archived when no retry of a message in it may come any more (`endOfRetries`, R5). */
  override async readNewest(month: MonthYear, roomId: string, limit: number): Promise<NewestSlot[]> {
    return this.where(
      month,
      () => super.readNewest(month, roomId, limit),
      async () => [],
    );
  }

  /** None of an archived month, as above: so sends into rooms whose last segment is archived do not wait for the archive. */
  override async findByClientKeys(
    month: MonthYear,
    roomId: string,
    keys: readonly ClientKey[],
    level: 'majority' | 'linearizable' = 'majority',
  ): Promise<StoredSlot[]> {
    return this.where(
      month,
      () => super.findByClientKeys(month, roomId, keys, level),
      async () => [],
    );
  }

  /** One read of the archive for what is asked for now and next: its blocks are in the cache then. */
  private async readPart(roomId: string, { month, from, to, ahead }: SlotPart, timeMs: number): Promise<StoredSlot[]> {
    const slots = await this.readRange(month, roomId, ahead, timeMs);
    return slots.filter(({ messageId }) => messageId >= from && messageId <= to);
  }

  /**
   * Asks a month where it lies. `lacks` tells an answer that a sealed month cannot give: there each room that has it as a
   * segment has a seal, and all below.
   */
  private async where<Result>(
    month: MonthYear,
    inCollection: () => Promise<Result>,
    inArchive: (archived: ArchiveReference) => Promise<Result>,
    lacks: (result: Result) => boolean = () => false,
  ): Promise<Result> {
    const home = await this.places.of(month);
    const ask = (where: MonthHome) => (typeof where === 'string' ? inCollection() : inArchive(where));
    try {
      const result = await ask(home);
      if (home !== 'sealed' || !lacks(result)) return result;
      const now = await this.anew(month);
      return now === 'sealed' ? result : await ask(now);
    } catch (thrown) {
      if (!(thrown instanceof ArchiveFault || (home === 'sealed' && isRefused(thrown)))) throw thrown;
      const now = await this.anew(month);
      if (isSame(now, home)) throw thrown instanceof ArchiveFault ? this.archive.unavailable(thrown, month) : thrown;
      return ask(now).catch((again: unknown) => {
        throw again instanceof ArchiveFault ? this.archive.unavailable(again, month) : again;
      });
    }
  }

  private anew(month: MonthYear): Promise<MonthHome> {
    this.places.forget();
    return this.places.of(month);
  }
}

/**
 * What the server will not do, which is how the view in place of an archived month's collection answers: it fails when it is
 * read (241), and has neither the indexes that a query names nor linearizable reads.
 */
function isRefused(thrown: unknown): boolean {
  return thrown instanceof MongoServerError;
}

function isSame(one: MonthHome, other: MonthHome): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.manifest === other.manifest && one.rootHash === other.rootHash;
}

/** Results in the order of the items, a few at a time. */
async function inTurns<Item, Result>(items: readonly Item[], read: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += roomsAtATime) {
    results.push(...(await Promise.all(items.slice(start, start + roomsAtATime).map(read))));
  }
  return results;
}
