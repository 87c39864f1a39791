import type { Bench } from '../bench.ts';
import type { Measurement } from '../measure/measure-load.ts';
import { median, type Ratio, ratioOf } from '../measure/quantiles.ts';
import { runPairs } from '../measure/run-pairs.ts';
import type { Finding, Limit, Point } from './finding.ts';

/** Parlance beside another system at one rate of the dense workload. */
export interface Comparison {
  readonly mine: readonly Measurement[];
  readonly theirs: readonly Measurement[];
  readonly points: readonly Point[];
  /** The median of the pairs' ratios, with their spread. */
  readonly finding: (target: string, what: string, of: (measured: Measurement) => number, limit: Limit) => Finding;
}

/** Measures as many pairs as the bench was asked for. */
export async function compare(bench: Bench, other: string, ratePerSecond: number, seconds = 4): Promise<Comparison> {
  const { pairs: count, say } = bench.options;
  const lanes = [await bench.denseLane('parlance'), await bench.denseLane(other)] as const;
  const spec = { ratePerSecond, warmSeconds: 1, seconds, characters: 140 };
  const sides = [
    { lane: lanes[0], spec },
    { lane: lanes[1], spec },
  ] as const;
  const { pairs, disturbed, faults } = await runPairs(bench.servers, sides, { count, say });
  const [mine, theirs] = [pairs.map(([one]) => one), pairs.map(([, one]) => one)];
  const point = (series: string, measured: readonly Measurement[]): Point => ({
    plot: 'CPU a message by rate',
    series,
    x: ratePerSecond,
    y: median(measured.map(({ cpuUs }) => cpuUs)),
  });
  return {
    mine,
    theirs,
    points: [point('parlance', mine), point(other, theirs)],
    finding: (target, what, of, limit) => {
      const ratio = ratioOf(pairs.map(([one, two]) => [of(one), of(two)]));
      const [own, their] = [mine, theirs].map((measured) => median(measured.map(of)));
      const notes = [
        ...(pairs.length === 0 ? ['no undisturbed pair'] : measuredNotes(own, their, pairs.length, ratio)),
        ...(disturbed > 0 ? [`${disturbed} discarded because of other processes`] : []),
        ...new Set(faults),
      ];
      return { target, what, value: ratio.median, unit: 'x', limit, detail: notes.join('; ') };
    },
  };
}

/** Median of a figure over measurements. */
export function medianOf(measured: readonly Measurement[], of: (measured: Measurement) => number): number {
  return median(measured.map(of));
}

function measuredNotes(own: number | undefined, their: number | undefined, count: number, { spread }: Ratio): string[] {
  return [
    `${digits(own)} to ${digits(their)}`,
    `${count} pairs, ${spread.map((value) => value.toFixed(2)).join(' to ')}`,
  ];
}

function digits(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(value < 20 ? 1 : 0);
}
