import { setTimeout as delay } from 'node:timers/promises';
import type { LoadSpec } from '../crowd/load.ts';
import type { Servers } from '../systems/servers.ts';
import { faultsOf } from './accept.ts';
import type { Lane } from './lane.ts';
import { type Measurement, measureLoad } from './measure-load.ts';
import { machineCpu } from './process-cpu.ts';

/** Two systems under the same load, one right after the other, again and again: A B, B A, A B ... */
export interface Pairs {
  readonly pairs: readonly (readonly [a: Measurement, b: Measurement])[];
  /** Pairs in which other processes took more than a tenth of a core: discarded and measured again. */
  readonly disturbed: number;
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

/** How often, and what to say. */
export interface PairOptions {
  readonly count: number;
  readonly say: (line: string) => void;
}

/** Measures until there are `count` undisturbed pairs, or twice as many have been disturbed. */
export async function runPairs(
  servers: Servers,
  [a, b]: readonly [Side, Side],
  { count, say }: PairOptions,
): Promise<Pairs> {
  const good: (readonly [Measurement, Measurement])[] = [];
  let disturbed = 0;
  const faults: string[] = [];
  for (let round = 0; good.length < count && disturbed < 2 * count; round++) {
    await calm();
    const measure = async ({ lane, spec }: Side): Promise<Measurement> => {
      const measured = await measureLoad(servers, lane, { ...spec, seed: round + 1 });
      for (const fault of faultsOf(measured.result, lane.system.ordered)) faults.push(`${lane.system.name}: ${fault}`);
      return measured;
    };
    const [first, second] = round % 2 === 0 ? [a, b] : [b, a];
    const [one, other] = [await measure(first), await measure(second)];
    const pair = round % 2 === 0 ? ([one, other] as const) : ([other, one] as const);
    const foreign = Math.max(one.foreignCores, other.foreignCores);
    if (foreign > disturbedAbove) disturbed += 1;
    else good.push(pair);
    const [mine, theirs] = pair.map(({ cpuUs }) => cpuUs.toFixed(0));
    const note = foreign > disturbedAbove ? `; discarded, others took ${(100 * foreign).toFixed(0)} % of a core` : '';
    const [nameA, nameB] = [a, b].map(({ label, lane }) => label ?? lane.system.name);
    say(`${a.spec.ratePerSecond}/s: ${nameA} ${mine} us, ${nameB} ${theirs} us a message${note}`);
  }
  return { pairs: good, disturbed, faults };
}

/** Waits until the machine has little to do, for a pair that nothing disturbs; not for ever, since a pair tells by itself. */
async function calm(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const before = await machineCpu();
    await delay(500);
    if (((await machineCpu()) - before) / 500_000 < 2 * disturbedAbove) return;
  }
}

/** Cores. */
export const disturbedAbove = 0.1;
