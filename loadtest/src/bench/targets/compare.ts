import type { Bench } from '../bench.ts';
import type { Measurement } from '../measure/measure-load.ts';
import { median } from '../measure/quantiles.ts';
import type { Budget } from '../pairs/budget.ts';
import { ratioOfPairs } from '../pairs/run-pairs.ts';
import type { Finding, Limit, Point, SeriesName } from './finding.ts';

/** Parlance beside another system at one rate of the dense workload. */
export interface Comparison {
  readonly mine: readonly Measurement[];
  readonly theirs: readonly Measurement[];
  readonly points: readonly Point[];
  /** The median of the pairs' ratios, with their spread. */
  readonly finding: (what: string, of: (measured: Measurement) => number, limit: Limit) => Omit<Finding, 'target'>;
}

/** How a comparison goes. */
export interface CompareOptions {
  readonly other: SeriesName;
  readonly ratePerSecond: number;
  /** That count, of each side of a pair. */
  readonly seconds: number;
  /** Default: all that is left of the target's. */
  readonly budget?: Budget;
}

/** Measures as many pairs as the bench was asked for, and as the budget is enough for. */
export async function compare(bench: Bench, options: CompareOptions): Promise<Comparison> {
  const { other, ratePerSecond, budget = bench.budget } = options;
  const lanes = [await bench.denseLane('parlance'), await bench.denseLane(other)] as const;
  const spec = { ratePerSecond, warmSeconds: 1, seconds: bench.scaled(options.seconds), characters: 140 };
  const measured = await bench.pairs(
    [
      { lane: lanes[0], spec },
      { lane: lanes[1], spec },
    ],
    budget,
  );
  const [mine, theirs] = [measured.pairs.map(([one]) => one), measured.pairs.map(([, one]) => one)];
  const point = (series: SeriesName, of: readonly Measurement[]): Point => ({
    plot: 'CPU a message by rate',
    series,
    x: ratePerSecond,
    y: medianOf(of, ({ cpuUs }) => cpuUs),
  });
  return {
    mine,
    theirs,
    points: [point('parlance', mine), point(other, theirs)],
    finding: (what, of, limit) => {
      const { ratio, notes } = ratioOfPairs(measured, of);
      const [own, their] = [medianOf(mine, of), medianOf(theirs, of)];
      const detail = [`${digits(own)} to ${digits(their)}`, ...notes].join('; ');
      return { what, value: ratio.median, unit: 'x', limit, detail };
    },
  };
}

/** Median of a figure over measurements. */
export function medianOf(measured: readonly Measurement[], of: (measured: Measurement) => number): number {
  return median(measured.map(of));
}

function digits(value: number): string {
  return value.toFixed(value < 20 ? 1 : 0);
}
