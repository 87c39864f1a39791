/** One figure beside its limit. */
export interface Finding {
  /** "P1". */
  readonly target: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: Limit;
  /** Spread of the pairs, circumstances, what was left out. */
  readonly detail?: string;
}

/** What is asked of a figure. */
export type Limit = { readonly atMost: number } | { readonly atLeast: number };

/** How a figure does beside its limit; a figure that is not a number misses. A miss is told, not thrown: a bench reports. */
export function verdict({ value, limit }: Pick<Finding, 'value' | 'limit'>): 'pass' | 'MISS' {
  const passes = 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
  return passes ? 'pass' : 'MISS';
}

/** A system, or the process that a plot is about. */
export type SeriesName = 'parlance' | 'before' | 'L1' | 'L1m' | 'L2' | 'gateway';

/** One point of a plot. */
export interface Point {
  readonly plot: 'ack p99 by rate' | 'CPU a message by rate' | 'memory by connections';
  readonly series: SeriesName;
  readonly x: number;
  readonly y: number;
}

/** What a target came to. */
export interface TargetResult {
  readonly findings: readonly Finding[];
  readonly points?: readonly Point[];
  /** Lines for people: what each process took, what was disturbed. */
  readonly notes?: readonly string[];
}
