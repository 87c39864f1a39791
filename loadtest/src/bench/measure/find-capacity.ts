/** What one rate came to. */
export interface Probe {
  readonly ratePerSecond: number;
  readonly ackP99Ms: number;
  /** In time, and everything answered and delivered as it must be. */
  readonly passed: boolean;
}

/** Where to look, and how. */
export interface CapacitySearch {
  readonly startRate: number;
  /** Rates are told apart to this factor; default 1.08. */
  readonly precision?: number;
  readonly highestRate: number;
  readonly probe: (ratePerSecond: number) => Promise<Probe>;
}

/**
 * The highest rate that passes: up by half until one fails (down by half until one passes), then in between. A rate that fails
 * is tried a second time, since a machine has hiccups; 0 when none passes.
 */
export async function findCapacity(search: CapacitySearch): Promise<number> {
  const { precision = 1.08, highestRate } = search;
  const passes = async (rate: number): Promise<boolean> =>
    (await search.probe(rate)).passed || (await search.probe(rate)).passed;
  let [good, bad] = [0, Number.POSITIVE_INFINITY];
  let rate = search.startRate;
  while (bad === Number.POSITIVE_INFINITY || good === 0) {
    if (await passes(rate)) good = rate;
    else bad = rate;
    if (good >= highestRate || bad < lowestRate) return good;
    rate = Math.round(good === rate ? Math.min(highestRate, rate * 1.5) : rate / 1.5);
    if (good > 0 && bad < Number.POSITIVE_INFINITY) break;
  }
  while (bad / good > precision) {
    rate = Math.round(Math.sqrt(good * bad));
    if (rate <= good || rate >= bad) break;
    if (await passes(rate)) good = rate;
    else bad = rate;
  }
  return good;
}

const lowestRate = 20;
