import { ChatError } from '@parlance/proto';
import {
  type ArchiveReference,
  type ChatDatabase,
  type MonthDocument,
  type MonthYear,
  majority,
  placeOfMonth,
  takesMessages,
} from '@parlance/storage';
import { mapMongoErrors } from '../../errors/mongo-errors.js';

/**
 * How long what `months` says is believed. A month that has moved into the archive keeps its collection for longer than this
 * and any call (the grace of `jobs archive-months`), so whoever still believes the old place finds all of it there.
 */
const freshMs = 60_000;

/**
 * Where the messages of a month are read: in its collection, which still takes some (`open`) or has all it will ever have
 * (`sealed`); or under this reference in the archive.
 */
export type MonthHome = 'open' | 'sealed' | ArchiveReference;

/** Knows where months lie. All entries of `months` are one small query. */
export class MonthPlaces {
  private known:
    | { readonly at: number; readonly homes: Promise<ReadonlyMap<MonthYear, MonthHome | undefined>> }
    | undefined;

  constructor(
    private readonly database: ChatDatabase,
    private readonly now: () => number,
  ) {}

  /**
   * A month's home. One that is not registered has never held a message; its collection says so.
   * @throws STORE_UNAVAILABLE, also for a state that a later release has written.
   */
  async of(month: MonthYear): Promise<MonthHome> {
    const homes = await this.read();
    if (!homes.has(month)) return 'open';
    const home = homes.get(month);
    if (home) return home;
    throw new ChatError('STORE_UNAVAILABLE', { message: `Where the month ${month} lies is not known here; retry.` });
  }

  /** What is known may be old: the next question reads it anew. */
  forget(): void {
    this.known = undefined;
  }

  private read(): Promise<ReadonlyMap<MonthYear, MonthHome | undefined>> {
    const at = this.now();
    // A clock that was set back must not keep it fresh for longer.
    if (this.known && at >= this.known.at && at - this.known.at < freshMs) return this.known.homes;
    const known = { at, homes: this.readHomes() };
    this.known = known;
    known.homes.catch(() => {
      if (this.known === known) this.known = undefined;
    });
    return known.homes;
  }

  private async readHomes(): Promise<ReadonlyMap<MonthYear, MonthHome | undefined>> {
    const projection = { monthYear: 1, state: 1, 'archive.manifest': 1, 'archive.rootHash': 1 } as const;
    const entries = await mapMongoErrors(() =>
      this.database.months.find({}, { ...majority(), projection, batchSize: 10_000 }).toArray(),
    );
    return new Map(entries.map((entry) => [entry.monthYear, homeOf(entry)]));
  }
}

function homeOf(entry: Pick<MonthDocument, 'state' | 'archive'>): MonthHome | undefined {
  const place = placeOfMonth(entry);
  if (place === 'collection') return takesMessages(entry) ? 'open' : 'sealed';
  if (place !== 'archive' || !entry.archive) return undefined;
  return { manifest: entry.archive.manifest, rootHash: entry.archive.rootHash };
}
