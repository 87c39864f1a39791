import {
  addMonths,
  type ChatDatabase,
  createCollections,
  createMonth,
  isSharded,
  type MonthYear,
  majority,
  monthOf,
  readServerClock,
  startOfMonth,
  takesMessages,
} from '@parlance/storage';
import { mapMongoErrors } from '../../errors/mongo-errors.js';
import type { ChatMetrics } from '../../metrics.js';
import type { OpenMonths } from '../log/segment-chain.js';

/** How long an open month is believed to be open. Months are sealed a day after their end, so this is ample. */
const openForMs = 60_000;

/** How far MongoDB's clock may be from a month that is being opened (R6). */
export const clockToleranceMs = 60 * 60_000;

/** Knows which months take messages, and outside a cluster creates this month's collection and the next one's. */
export class MonthKeeper implements OpenMonths {
  private readonly openAt = new Map<MonthYear, number>();

  constructor(
    private readonly database: ChatDatabase,
    private readonly metrics: Pick<ChatMetrics, 'missingMonths' | 'monthRefusals'>,
    private readonly now: () => number,
  ) {}

  /** For whoever wants to write there; a "no" is counted. Errors: STORE_UNAVAILABLE. */
  async isOpen(month: MonthYear): Promise<boolean> {
    const isOpen = await this.isOpenMonth(month);
    if (!isOpen) this.metrics.monthRefusals.inc();
    return isOpen;
  }

  private async isOpenMonth(month: MonthYear): Promise<boolean> {
    const now = this.now();
    if (now - (this.openAt.get(month) ?? Number.NEGATIVE_INFINITY) < openForMs) return true;
    const entry = await mapMongoErrors(() => this.database.months.findOne({ monthYear: month }, majority()));
    if (!takesMessages(entry ?? undefined)) return false;
    this.openAt.set(month, now);
    return true;
  }

  /** Errors: STORE_UNAVAILABLE. */
  async isDue(month: MonthYear): Promise<boolean> {
    const serverNow = await mapMongoErrors(() => readServerClock(this.database));
    return serverNow + clockToleranceMs >= startOfMonth(month);
  }

  /**
   * Creates what is missing, if the database is not a cluster; there the jobs do it. Then counts what is still missing.
   * Repeating it changes nothing.
   */
  async prepare(): Promise<void> {
    const current = monthOf(this.now());
    const months = [current, addMonths(current, 1)];
    if (!(await isSharded(this.database))) {
      await createCollections(this.database);
      for (const month of months) await createMonth(this.database, month);
    }
    const open = await Promise.all(months.map((month) => this.isOpenMonth(month)));
    this.metrics.missingMonths.set(open.filter((each) => !each).length);
  }
}
