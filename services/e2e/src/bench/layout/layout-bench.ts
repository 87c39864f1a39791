import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Collection, type Db, type Document, type IndexDescription, Long } from 'mongodb';
import { seededRandom } from '../../seeded-random.js';
import { idOf, indexesOf, type Layout, month, rangeOf } from './layouts.js';

/** Rooms of each collection; the first of them get the most messages. */
const rooms = Array.from({ length: 500 }, () => randomUUID());
const text = randomBytes(60).toString('base64').replaceAll(/[+/]/g, ' ');

/** A month's collection in one layout, filled and read piece by piece, so that several can take turns. */
export class LayoutBench {
  private readonly heads = new Map<string, number>();
  private readonly random: () => number;

  /** `pid` is that of the only mongod of `db`. */
  private constructor(
    private readonly db: Db,
    private readonly pid: number,
    private readonly layout: Layout,
    private readonly collection: Collection,
  ) {
    this.random = seededRandom(1);
  }

  /** An empty collection under a name that is free. */
  static async create(db: Db, pid: number, layout: Layout, name: string): Promise<LayoutBench> {
    const options = layout.clustered ? { clusteredIndex: { key: { _id: 1 }, unique: true } } : {};
    const collection = await db.createCollection(name, options);
    await collection.createIndexes(indexesOf(layout) as unknown as IndexDescription[]);
    return new LayoutBench(db, pid, layout, collection);
  }

  /**
   * CPU of mongod a message, microseconds, while `count` are inserted, `batch` a command and three commands in flight. Half
   * of the commands are ordered and of one room, half unordered over many.
   */
  fill(batch: number, count: number): Promise<number> {
    let sent = 0;
    const writer = async (): Promise<void> => {
      while (sent < count) {
        const ordered = batch > 1 && (sent / batch) % 2 < 1;
        sent += batch;
        const first = Math.floor(this.random() ** 3 * rooms.length);
        const places = Array.from({ length: batch }, (_, index) => (ordered ? first : first + index) % rooms.length);
        const documents = places.map((place) => this.message(rooms[place] as string));
        const insert = this.collection.collectionName;
        await this.db.command({ insert, documents, ordered, writeConcern: { w: 'majority' } });
      }
    };
    return this.cpuOf(count, async () => void (await Promise.all([writer(), writer(), writer()])));
  }

  /** The same for `count` pages of 50. */
  readPages(count: number): Promise<number> {
    const busy = rooms.filter((roomId) => (this.heads.get(roomId) ?? 0) > 60);
    return this.cpuOf(count, async () => {
      for (let index = 0; index < count; index++) {
        const roomId = busy[index % busy.length] as string;
        const from = 1 + Math.floor(this.random() * ((this.heads.get(roomId) ?? 0) - 50));
        const { filter, sort, hint } = rangeOf(this.layout, roomId, from, from + 49);
        await this.collection.find(filter as Document, { hint, sort: { [sort]: 1 }, batchSize: 51 }).toArray();
      }
    });
  }

  /** The same for the newest slots of `count` rooms, one after the other. */
  readHeads(count: number): Promise<number> {
    return this.cpuOf(count, async () => {
      for (let index = 0; index < count; index++) {
        const roomId = rooms[index % rooms.length] as string;
        const { filter, sort, hint } = rangeOf(this.layout, roomId, 0, Number.MAX_SAFE_INTEGER);
        await this.collection.find(filter as Document, { hint, sort: { [sort]: -1 }, limit: 1 }).toArray();
      }
    });
  }

  /** Bytes on disk of documents and indexes. */
  async bytes(): Promise<number> {
    const [stats] = await this.collection.aggregate([{ $collStats: { storageStats: {} } }]).toArray();
    return Number(stats?.['storageStats'].totalSize);
  }

  private message(roomId: string): Document {
    const messageId = (this.heads.get(roomId) ?? 0) + 1;
    this.heads.set(roomId, messageId);
    return {
      _id: idOf(this.layout, roomId, messageId),
      monthYear: month,
      roomId,
      messageId: Long.fromNumber(messageId),
      timestamp: new Date(),
      senderId: `user-${Math.floor(this.random() * 50)}`,
      clientMessageId: randomUUID(),
      bodyHash: randomBytes(16).toString('base64url'),
      content: text,
      messageType: 'text',
    };
  }

  /** Linux counts a process's time in hundredths of a second. */
  private async cpuOf(count: number, work: () => Promise<void>): Promise<number> {
    const read = async (): Promise<number> => {
      const fields = (await readFile(`/proc/${this.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10_000;
    };
    const before = await read();
    await work();
    return ((await read()) - before) / count;
  }
}
