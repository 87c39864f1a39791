import { addMonths, type MonthYear, monthOf } from '@parlance/storage';
import type { Plan, PlannedStep } from './plan.js';

/** What `create-months` has found. */
export interface MonthsInventory {
  /** MongoDB's clock, Unix milliseconds. */
  readonly now: number;
  /** Months to have beyond the current one. */
  readonly ahead: number;
  /** Those that stand in `months`, in whatever state. */
  readonly registered: ReadonlySet<MonthYear>;
  readonly sharded: boolean;
}

/** A month to create. */
export interface CreateStep extends PlannedStep {
  readonly kind: 'createMonth';
  readonly month: MonthYear;
}

/** Which months are missing, from the current one on, the most urgent first. Pure. */
export function planCreateMonths({ now, ahead, registered, sharded }: MonthsInventory): Plan<CreateStep> {
  if (sharded) {
    return {
      verdict: 'refused',
      reason: 'the database is a sharded cluster, and this release creates unsharded months',
    };
  }
  const current = monthOf(now);
  const wanted = Array.from({ length: ahead + 1 }, (_, index) => addMonths(current, index));
  const missing = wanted.filter((month) => !registered.has(month));
  if (missing.length === 0) {
    return { verdict: 'nothing', reason: `${wanted.join(', ')} are registered` };
  }
  const steps = missing.map(
    (month): CreateStep => ({
      kind: 'createMonth',
      month,
      what: `create the collection of ${month} with its unique indexes, then register the month as OPEN`,
      reason:
        month === current
          ? `it is the current month by MongoDB's clock and not registered: sends fail`
          : `it begins within ${ahead} months and is not registered`,
    }),
  );
  return { verdict: 'run', steps };
}
