import { type EventClass, operationList } from '@parlance/proto/operations';
import { TokenBuckets } from '@parlance/runtime';

/** A burst is what comes in this time in the long run. */
export const burstSeconds = 10;

/**
 * How many socket events of each class a user may send to this gateway, counted here in memory: all connections of the
 * user together, each gateway for itself. What is refused is not counted.
 */
export class EventLimits {
  private readonly buckets: Readonly<Record<EventClass, TokenBuckets>>;

  /**
   * @param perSecond Events a second in the long run. {@link burstSeconds} times as many may come at once after a pause.
   * @param refused is told of each that was over its limit.
   */
  constructor(
    perSecond: Readonly<Record<EventClass, number>>,
    now: () => number,
    private readonly refused: (limit: EventClass) => void,
  ) {
    const bucketsOf = (rate: number) => new TokenBuckets({ perSecond: rate, burst: rate * burstSeconds }, now);
    this.buckets = {
      sends: bucketsOf(perSecond.sends),
      reads: bucketsOf(perSecond.reads),
      receipts: bucketsOf(perSecond.receipts),
      changes: bucketsOf(perSecond.changes),
      typing: bucketsOf(perSecond.typing),
      others: bucketsOf(perSecond.others),
    };
  }

  /**
   * Counts an event of a user, of any name. Answers 0, or the milliseconds after which the next one of its class would
   * pass; then nothing is counted.
   */
  take(event: unknown, userId: string): number {
    const limit = eventClasses.get(event) ?? 'others';
    const buckets = this.buckets[limit];
    const retryAfterMs = buckets.waitMs(userId);
    if (retryAfterMs === 0) buckets.take(userId);
    else this.refused(limit);
    return retryAfterMs;
  }
}

/** The class of every client event; an unknown one is of `others`. */
export const eventClasses: ReadonlyMap<unknown, EventClass> = new Map(
  operationList.flatMap(({ name, event }) => (event ? [[name, event.limit] as const] : [])),
);
