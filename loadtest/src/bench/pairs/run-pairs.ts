import { setTimeout as delay } from 'node:timers/promises';
import type { LoadSpec } from '../crowd/load.ts';
import { faultsOf } from '../measure/accept.ts';
import { foreignCpu } from '../measure/foreign-cpu.ts';
import type { Lane } from '../measure/lane.ts';
import { type Measurement, measureLoad } from '../measure/measure-load.ts';
import { type Ratio, ratioOf } from '../measure/quantiles.ts';
import type { Servers } from '../systems/servers.ts';
import { type Collected, collectPairs, disturbedAbove, type PairsWanted } from './collect-pairs.ts';

/** Two systems under the same load, one right after the other, again and again: A B, B A, A B ... */
export interface Pairs extends Collected<readonly [a: Measurement, b: Measurement]> {
  /** What was wrong with deliveries, by system. Empty when all was right. */
  readonly faults: readonly string[];
}

/** What is measured on one side. */
export interface Side {
  readonly lane: Lane;
  readonly spec: Omit<LoadSpec, 'seed'>;
  /** Default: the system's name. */
  readonly label?: string;
}

/** How often, until when, and what to say. */
export interface PairOptions extends PairsWanted {
  readonly say: (line: string) => void;
}

/** Measures pairs as {@link collectPairs} says. */
export async function runPairs(servers: Servers, [a, b]: readonly [Side, Side], options: PairOptions): Promise<Pairs> {
  const faults = new Set<string>();
  const measure = async ({ lane, spec }: Side, round: number): Promise<Measurement> => {
    const measured = await measureLoad(servers, lane, { ...spec, seed: round + 1 });
    for (const fault of faultsOf(measured.result, lane.system.ordered)) faults.add(`${lane.system.name}: ${fault}`);
    return measured;
  };
  const collected = await collectPairs(options, async (round) => {
    await calm();
    const [first, second] = round % 2 === 0 ? [a, b] : [b, a];
    const [one, other] = [await measure(first, round), await measure(second, round)];
    const pair = round % 2 === 0 ? ([one, other] as const) : ([other, one] as const);
    const foreignCores = Math.max(one.foreignCores, other.foreignCores);
    const [mine, theirs] = pair.map(({ cpuUs }) => cpuUs.toFixed(0));
    const note = foreignCores > disturbedAbove ? `; others took ${(100 * foreignCores).toFixed(0)} % of a core` : '';
    const [nameA, nameB] = [a, b].map(({ label, lane }) => label ?? lane.system.name);
    options.say(`${a.spec.ratePerSecond}/s: ${nameA} ${mine} us, ${nameB} ${theirs} us a message${note}`);
    return { pair, foreignCores };
  });
  return { ...collected, faults: [...faults] };
}

/** The ratio of a figure over the pairs, and the words that have to stand beside it. */
export function ratioOfPairs(
  { pairs, disturbed, allDisturbed, faults }: Pairs,
  of: (measured: Measurement) => number,
): { readonly ratio: Ratio; readonly notes: readonly string[] } {
  const ratio = ratioOf(pairs.map(([a, b]) => [of(a), of(b)]));
  const [lowest, highest] = ratio.spread.map((value) => value.toFixed(2));
  const notes = [`${pairs.length} ${pairs.length === 1 ? 'pair' : `pairs, ${lowest} to ${highest}`}`, ...faults];
  if (allDisturbed) notes.push('ALL DISTURBED by other processes');
  else if (disturbed > 0) notes.push(`${disturbed} discarded because of other processes`);
  return { ratio, notes };
}

/** Waits until others have little to do, for a pair that nothing disturbs; not for ever, since a pair tells by itself. */
async function calm(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const before = await foreignCpu(process.pid);
    await delay(300);
    if (((await foreignCpu(process.pid)) - before) / 300_000 <= disturbedAbove) return;
  }
}
