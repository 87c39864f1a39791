import { ChatError } from '@parlance/proto';
import {
  addMonths,
  type ChatDatabase,
  createCollections,
  createMonth,
  endOfMonth,
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

/** How long an open month is believed to be open. Months are sealed a day after their end, so this is ample. */
const openForMs = 60_000;

/** How far MongoDB's clock may be from a month that is being opened (R6: a month ends with its seal). */
export const clockToleranceMs = 60 * 60_000;

/** Knows which months take messages, and outside a cluster creates this month's collection and the next one's. */
export class MonthKeeper {
  private readonly openAt = new Map<MonthYear, number>();
  private onCluster = false;

  constructor(
    private readonly database: ChatDatabase,
    private readonly metrics: Pick<ChatMetrics, 'missingMonths' | 'monthRefusals'>,
    private readonly now: () => number,
  ) {}

  /** The database is behind the router of a cluster; known once it was prepared. */
  get isOnCluster(): boolean {
    return this.onCluster;
  }

  /**
   * This month, for whoever wants to write there.
   * @throws STORE_UNAVAILABLE when it is not open, which is counted.
   */
  async current(): Promise<MonthYear> {
    const month = monthOf(this.now());
    await this.requireOpen(month);
    return month;
  }

  /**
   * The month in which a room goes on whose last segment is of `month`: this one, and in any case a later one.
   * @throws STORE_UNAVAILABLE when it is not open, which is counted, or when MongoDB's own clock has not reached it: a pod
   * whose clock runs ahead must not end a month for all (R6: a month ends with its seal).
   */
  async following(month: MonthYear): Promise<MonthYear> {
    const next = monthOf(Math.max(this.now(), endOfMonth(month)));
    if (!(await this.isDue(next))) throw notOpen(next);
    await this.requireOpen(next);
    return next;
  }

  /**
   * Creates what is missing, if the database is not a cluster; there the jobs do it. Then counts what is still missing.
   * Repeating it changes nothing.
   */
  async prepare(): Promise<void> {
    const current = monthOf(this.now());
    const months = [current, addMonths(current, 1)];
    this.onCluster = await isSharded(this.database);
    if (!this.onCluster) {
      await createCollections(this.database);
      for (const month of months) await createMonth(this.database, month);
    }
    const open = await Promise.all(months.map((month) => this.isOpen(month)));
    this.metrics.missingMonths.set(open.filter((each) => !each).length);
  }

  /**
   * A health check: whether this month takes messages.
   * @throws STORE_UNAVAILABLE when it does not, which is not counted.
   */
  async requireCurrent(): Promise<void> {
    const month = monthOf(this.now());
    if (!(await this.isOpen(month))) throw notOpen(month);
  }

  private async requireOpen(month: MonthYear): Promise<void> {
    if (await this.isOpen(month)) return;
    this.metrics.monthRefusals.inc();
    throw notOpen(month);
  }

  private async isOpen(month: MonthYear): Promise<boolean> {
    const now = this.now();
    if (now - (this.openAt.get(month) ?? Number.NEGATIVE_INFINITY) < openForMs) return true;
    const entry = await mapMongoErrors(() => this.database.months.findOne({ monthYear: month }, majority()));
    if (!takesMessages(entry ?? undefined)) return false;
    this.openAt.set(month, now);
    return true;
  }

  private async isDue(month: MonthYear): Promise<boolean> {
    const serverNow = await mapMongoErrors(() => readServerClock(this.database));
    return serverNow + clockToleranceMs >= startOfMonth(month);
  }
}

function notOpen(month: MonthYear): ChatError {
  return new ChatError('STORE_UNAVAILABLE', { message: `The month ${month} is not open for messages yet; retry.` });
}
