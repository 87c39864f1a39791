import { type ChatDatabase, type JobRunDocument, type MonthDocument, majority } from '@parlance/storage';
import { mapMongoErrors } from '../../errors/mongo-errors.js';

/** What jobs know: all months, the newest first, and the last run of each job that has ever run by now. */
export interface Inventory {
  readonly months: readonly InventoriedMonth[];
  readonly runs: readonly JobRunDocument[];
}

/** A month's entry without what only its job has to know. */
export type InventoriedMonth = Omit<MonthDocument, 'steps'>;

/** Reads the inventory of months and the runs of jobs: two small queries. */
export class MongoInventoryStore {
  constructor(private readonly database: ChatDatabase) {}

  /** @throws STORE_UNAVAILABLE. */
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
}
