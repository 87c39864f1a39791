import type { MonthYear } from '@parlance/storage';
import type { Plan, PlannedStep } from '../plan.js';

/** An erasure that a month may not have in its records yet. */
export interface PendingErasure {
  readonly roomId: string;
  readonly userId: string;
  /** Newest of the messages. */
  readonly upTo: number;
  /** When it was noted, Unix milliseconds. */
  readonly at: number;
  readonly hold: { readonly name: string; readonly by: string; readonly since: Date } | undefined;
}

/** A month that takes no messages any more, as `fold-events` looks at it. */
export interface FoldableMonth {
  readonly month: MonthYear;
  readonly epoch: number;
  /** Room events up to this time are part of it, Unix milliseconds; undefined: none is known to be. */
  readonly foldedThrough: number | undefined;
  /** Erasures since then that concern rooms of the month. */
  readonly pending: readonly PendingErasure[];
  /** Messages that they would empty, of rooms without a hold. */
  readonly messages: number;
  /** Why it cannot be looked at; undefined when it can. */
  readonly unread: string | undefined;
}

/** A step of `fold-events`. */
export type FoldEventsStep = PlannedStep &
  (
    | { readonly kind: 'held'; readonly month: MonthYear; readonly roomId: string; readonly hold: string }
    | { readonly kind: 'left'; readonly month: MonthYear }
    | {
        readonly kind: 'fold' | 'advance';
        readonly month: MonthYear;
        readonly epoch: number;
        readonly folds: readonly PendingErasure[];
        /** What `foldedThrough` of the month becomes, Unix milliseconds; undefined: it stays. */
        readonly through: number | undefined;
      }
  );

/**
 * What is written into records of closed months: erasures that a job has noted and not carried out, since it died, a hold was
 * there, or a backup came back. Pure.
 *
 * @param now When rooms were read, Unix milliseconds.
 */
export function planFoldEvents(months: readonly FoldableMonth[], now: number): Plan<FoldEventsStep> {
  const steps = months
    .toSorted(({ month: one }, { month: other }) => (one < other ? -1 : 1))
    .flatMap((each) => stepsOf(each, now));
  if (steps.length > 0) return { verdict: 'run', steps };
  return { verdict: 'nothing', reason: `no erasure waits for one of ${months.length} closed months` };
}

function stepsOf(each: FoldableMonth, now: number): FoldEventsStep[] {
  const { month, epoch, foldedThrough, pending, messages, unread } = each;
  if (pending.length === 0) return [];
  if (unread !== undefined)
    return [{ kind: 'left', month, what: `leave ${month} as it is; no reader shows what is erased`, reason: unread }];
  const held = pending.filter(({ hold }) => hold !== undefined);
  const folds = pending.filter(({ hold }) => hold === undefined);
  const through = Math.min(now, ...held.map(({ at }) => at - 1));
  const isLater = through > (foldedThrough ?? Number.NEGATIVE_INFINITY);
  const goal = { month, epoch, folds, through: isLater ? through : undefined };
  const steps: FoldEventsStep[] = heldSteps(month, held);
  if (messages > 0) {
    const what = `empty ${messages} messages in ${month}, wherever it lies`;
    const reason = `${folds.length} erasures were noted for its rooms and are not in its records yet`;
    steps.push({ kind: 'fold', ...goal, what, reason });
  } else if (isLater && newest(folds) > (foldedThrough ?? Number.NEGATIVE_INFINITY)) {
    const what = `note that ${month} has in it what was erased until ${new Date(through).toISOString()}`;
    const reason = `${folds.length} erasures were noted for its rooms, and none of their messages is left`;
    steps.push({ kind: 'advance', ...goal, what, reason });
  }
  return steps;
}

function newest(folds: readonly PendingErasure[]): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...folds.map(({ at }) => at));
}

function heldSteps(month: MonthYear, held: readonly PendingErasure[]): FoldEventsStep[] {
  return held.flatMap(({ roomId, userId, hold }): FoldEventsStep[] => {
    if (!hold) return [];
    const reason = `the hold ${JSON.stringify(hold.name)} is on it since ${hold.since.toISOString()}, set by ${hold.by}`;
    const what = `refused to empty what ${userId} has said in ${roomId} in ${month}`;
    return [{ kind: 'held', month, roomId, hold: hold.name, what, reason }];
  });
}
