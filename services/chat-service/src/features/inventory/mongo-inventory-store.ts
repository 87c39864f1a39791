import {
  type ChatDatabase,
  commandTimeout,
  isSharded,
  type JobRunDocument,
  type MonthDocument,
  majority,
} from '@parlance/storage';
import type { Document } from 'mongodb';
import { isNoCollection, mapMongoErrors } from '../../errors/mongo-errors.js';

/** How long a server may take to tell the size of a collection, milliseconds. */
const sizeMs = 3_000;

/** What jobs know: all months, the newest first, and the last run of each job that has ever run by now. */
export interface Inventory {
  readonly months: readonly InventoriedMonth[];
  readonly runs: readonly JobRunDocument[];
}

/** A month's entry without what only its job has to know. */
export type InventoriedMonth = Omit<MonthDocument, 'steps'>;

/** What stands in a collection. */
export interface CollectionSize {
  /** Messages, seals and voids, about. */
  readonly records: number;
  /** Of its files and those of its indexes, on one copy. */
  readonly bytes: number;
}

/** Reads what jobs keep in MongoDB of months and of themselves. */
export class MongoInventoryStore {
  constructor(private readonly database: ChatDatabase) {}

  /**
   * Two small queries.
   * @throws STORE_UNAVAILABLE.
   */
  async read(): Promise<Inventory> {
    const { months, jobRuns } = this.database;
    const shown = { projection: { steps: 0, 'work.memo': 0 }, sort: { monthYear: -1 }, batchSize: 10_000 } as const;
    return await mapMongoErrors(async () => {
      const [entries, runs] = await Promise.all([
        months.find({}, { ...majority(), ...shown }).toArray(),
        jobRuns.find({}, majority()).toArray(),
      ]);
      return { months: entries, runs };
    });
  }

  /**
   * Whether there are shards for each tier.
   * @throws STORE_UNAVAILABLE.
   */
  async hasTiers(): Promise<boolean> {
    return await mapMongoErrors(() => isSharded(this.database));
  }

  /**
   * The size of a month's collection over all shards, as the servers keep it; nothing where it was dropped.
   * @throws STORE_UNAVAILABLE.
   */
  async sizeOf({ monthYear, archive }: InventoriedMonth): Promise<CollectionSize> {
    if (archive?.droppedAt) return { records: 0, bytes: 0 };
    const parts = await mapMongoErrors(() => this.statsOf(monthYear));
    const sum = (field: string): number => parts.reduce((all, part) => all + Number(part[field] ?? 0), 0);
    return { records: sum('count'), bytes: sum('storageSize') + sum('totalIndexSize') };
  }

  private async statsOf(month: MonthDocument['monthYear']): Promise<readonly Document[]> {
    try {
      const found = await this.database
        .messages(month)
        .aggregate<{ storageStats: Document }>([{ $collStats: { storageStats: {} } }], {
          maxTimeMS: sizeMs,
          ...commandTimeout(sizeMs),
        })
        .toArray();
      return found.map(({ storageStats }) => storageStats);
    } catch (thrown) {
      if (isNoCollection(thrown)) return [];
      throw thrown;
    }
  }
}
