/** The middle, and what 99 of a hundred stay below. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  /** How many there were. */
  readonly count: number;
}

/** Of values in any order; NaN where there are none. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), count: sorted.length };
}
