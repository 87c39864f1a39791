import { addMonths, type MonthYear, monthOf } from '@parlance/storage';
import { chunksOver } from '../mongo/cluster/cluster-shards.js';
import type { Plan, PlannedStep } from '../plan.js';

/** What `create-months` has found. */
export interface MonthsInventory {
  /** The job's time, Unix milliseconds. */
  readonly now: number;
  /** Months to have beyond the current one. */
  readonly ahead: number;
  /** Those that stand in `months`, in whatever state. */
  readonly registered: ReadonlySet<MonthYear>;
  /** Shards of the zone `hot`; undefined on a replica set. */
  readonly hotShards: readonly string[] | undefined;
}

/** A month to create. */
export interface CreateStep extends PlannedStep {
  readonly kind: 'createMonth';
  readonly month: MonthYear;
  /** How it is spread; undefined on a replica set. */
  readonly spread?: { readonly shards: readonly string[]; readonly chunks: number };
}

/** Which months are missing, from the current one on, the most urgent first. Pure. */
export function planCreateMonths({ now, ahead, registered, hotShards }: MonthsInventory): Plan<CreateStep> {
  if (hotShards?.length === 0) {
    return { verdict: 'refused', reason: 'no shard is in the zone hot, where new months go: run `jobs bootstrap`' };
  }
  const current = monthOf(now);
  const wanted = Array.from({ length: ahead + 1 }, (_, index) => addMonths(current, index));
  const missing = wanted.filter((month) => !registered.has(month));
  if (missing.length === 0) {
    return { verdict: 'nothing', reason: `${wanted.join(', ')} are registered` };
  }
  const spread = hotShards && { shards: hotShards, chunks: chunksOver(hotShards) };
  const over = spread ? `, ${spread.chunks} ranges over ${spread.shards.join(' and ')},` : '';
  const steps = missing.map(
    (month): CreateStep => ({
      kind: 'createMonth',
      month,
      ...(spread && { spread }),
      what: `create the collection of ${month}${over} with its unique indexes, then register the month as OPEN`,
      reason:
        month === current
          ? `it is the current month by MongoDB's clock and not registered: sends fail`
          : `it begins within ${ahead} months and is not registered`,
    }),
  );
  return { verdict: 'run', steps };
}
