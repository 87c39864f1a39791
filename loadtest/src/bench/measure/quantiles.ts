/** The middle of some values; of an even number the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(half)] ?? Number.NaN;
  return ((sorted[half - 1] ?? Number.NaN) + (sorted[half] ?? Number.NaN)) / 2;
}

/** The value that `share` of all are at most (nearest rank). NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** How one thing compares with another over some pairs. */
export interface Ratio {
  readonly median: number;
  /** Least and greatest of the pairs. */
  readonly spread: readonly [number, number];
}

/** Median and spread of the ratios of pairs that were measured one right after the other. */
export function ratioOf(pairs: readonly (readonly [a: number, b: number])[]): Ratio {
  const ratios = pairs.map(([a, b]) => a / b);
  return { median: median(ratios), spread: [quantile(ratios, 0), quantile(ratios, 1)] };
}
