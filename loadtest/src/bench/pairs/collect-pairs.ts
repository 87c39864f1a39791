import type { Budget } from './budget.ts';

/** What came of pairing two things. */
export interface Collected<Pair> {
  /** Undisturbed ones; where there is none, all of them. */
  readonly pairs: readonly Pair[];
  /** Pairs in which other processes took more than {@link disturbedAbove}. */
  readonly disturbed: number;
  /** Every pair was disturbed, and stands in `pairs` all the same: figures to be told with that word. */
  readonly allDisturbed: boolean;
}

/** A pair, and what others took meanwhile. */
export interface WatchedPair<Pair> {
  readonly pair: Pair;
  /** Share of one core that processes took which are no part of the run. */
  readonly foreignCores: number;
}

/** How many are wanted, and until when. */
export interface PairsWanted {
  readonly count: number;
  readonly budget: Budget;
}

/** Measures until there are `count` undisturbed pairs, or another one would not end within the budget. The first is measured in any case. */
export async function collectPairs<Pair>(
  { count, budget }: PairsWanted,
  measure: (round: number) => Promise<WatchedPair<Pair>>,
): Promise<Collected<Pair>> {
  const calm: Pair[] = [];
  const all: Pair[] = [];
  let longestMs = 0;
  for (let round = 0; calm.length < count && (round === 0 || budget.leftMs >= longestMs); round++) {
    const fromMs = budget.spentMs;
    const { pair, foreignCores } = await measure(round);
    longestMs = Math.max(longestMs, budget.spentMs - fromMs);
    all.push(pair);
    if (foreignCores <= disturbedAbove) calm.push(pair);
  }
  const allDisturbed = calm.length === 0;
  return { pairs: allDisturbed ? all : calm, disturbed: all.length - calm.length, allDisturbed };
}

/** Cores. */
export const disturbedAbove = 0.1;
