/** What one rate came to. */
export interface Probe {
  /** In time, and everything answered and delivered as it must be. */
  readonly passed: boolean;
  /** Failed by so much that no hiccup of the machine is the reason. */
  readonly hopeless: boolean;
}

/** Where to look, and how. */
export interface CapacitySearch {
  readonly startRate: number;
  /** Rates are told apart to this factor; default 1.08. */
  readonly precision?: number;
  readonly highestRate: number;
  readonly probe: (ratePerSecond: number) => Promise<Probe>;
  /** Asked before each probe but the first; where it says no, the search ends with what it knows. Default: always. */
  readonly mayGoOn?: () => boolean;
}

/** What a search came to. */
export interface Capacity {
  /** The highest rate that passed; 0 when none did. */
  readonly rate: number;
  /** The lowest rate that failed; not told apart from `rate` by more than the precision, unless time was short. */
  readonly failedAt: number;
}

/**
 * The highest rate that passes: up by half until one fails (down by half until one passes), then in between. A rate that fails
 * narrowly is tried a second time, since a machine has hiccups.
 */
export async function findCapacity(search: CapacitySearch): Promise<Capacity> {
  const { precision = 1.08, highestRate, mayGoOn = () => true } = search;
  const passes = async (rate: number): Promise<boolean> => {
    const first = await search.probe(rate);
    return first.passed || (!first.hopeless && mayGoOn() && (await search.probe(rate)).passed);
  };
  let [good, bad] = [0, Number.POSITIVE_INFINITY];
  let rate = search.startRate;
  do {
    if (await passes(rate)) good = rate;
    else bad = rate;
    if (good >= highestRate || bad < lowestRate) break;
    const next = nextRate(good, bad, highestRate);
    if (next <= good || next >= bad) break;
    rate = next;
  } while (bad / good > precision && mayGoOn());
  return { rate: good, failedAt: bad };
}

function nextRate(good: number, bad: number, highestRate: number): number {
  if (bad === Number.POSITIVE_INFINITY) return Math.round(Math.min(highestRate, good * 1.5));
  return Math.round(good === 0 ? bad / 1.5 : Math.sqrt(good * bad));
}

const lowestRate = 20;
