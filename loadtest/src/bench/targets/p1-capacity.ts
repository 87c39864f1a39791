import type { Bench } from '../bench.ts';
import { faultsOf } from '../measure/accept.ts';
import { type Capacity, findCapacity, type Probe } from '../measure/find-capacity.ts';
import { type Measurement, measureLoad } from '../measure/measure-load.ts';
import type { Budget } from '../pairs/budget.ts';
import { disturbedAbove } from '../pairs/collect-pairs.ts';
import type { SeriesName } from './finding.ts';

/** P1: the highest rate of the dense workload at which 99 of 100 acks come within 50 ms, beside that of the baselines. */
export async function measureCapacity(bench: Bench): Promise<void> {
  let mine: Capacity = { rate: Number.NaN, failedAt: Number.NaN };
  for (const [index, { name, startRate, atLeast }] of systems.entries()) {
    const budget = bench.budget.part(systems.length - index);
    const found = await capacityOf(bench, { name, startRate, budget });
    bench.say(`${name}: ${found.rate} messages a second`);
    if (atLeast === undefined) {
      mine = found;
      continue;
    }
    bench.found.finding({
      what: `capacity of the dense workload at ack p99 <= 50 ms, to ${name}'s`,
      value: mine.rate / found.rate,
      unit: 'x',
      limit: { atLeast },
      detail: `${between(mine)} to ${between(found)} messages a second`,
    });
  }
}

const systems: readonly { readonly name: SeriesName; readonly startRate: number; readonly atLeast?: number }[] = [
  { name: 'parlance', startRate: 1_800 },
  { name: 'L1m', startRate: 500, atLeast: 4 },
  { name: 'L1', startRate: 1_800, atLeast: 1 },
  { name: 'L2', startRate: 250, atLeast: 8 },
];
const highestAckP99Ms = 50;

async function capacityOf(
  bench: Bench,
  { name, startRate, budget }: { readonly name: SeriesName; readonly startRate: number; readonly budget: Budget },
): Promise<Capacity> {
  return findCapacity({
    startRate,
    highestRate: 12_000,
    mayGoOn: () => budget.leftMs > longestProbeMs,
    probe: async (ratePerSecond) => {
      const { probe, ackP99Ms } = await undisturbed(bench, { name, ratePerSecond, budget });
      bench.found.draw({ plot: 'ack p99 by rate', series: name, x: ratePerSecond, y: ackP99Ms });
      return probe;
    },
  });
}

/** Probes again, twice at most, while other processes take part and there is time. */
async function undisturbed(
  bench: Bench,
  {
    name,
    ratePerSecond,
    budget,
  }: { readonly name: SeriesName; readonly ratePerSecond: number; readonly budget: Budget },
): Promise<{ readonly probe: Probe; readonly ackP99Ms: number }> {
  const lane = await bench.denseLane(name);
  const seconds = bench.scaled(3);
  const spec = { ratePerSecond, warmSeconds: 1, seconds, characters: 140, seed: ratePerSecond };
  let measured: Measurement;
  for (let attempt = 1; ; attempt++) {
    measured = await measureLoad(bench.servers, lane, spec);
    const calm = measured.foreignCores <= disturbedAbove;
    if (calm || attempt === 3 || budget.leftMs < longestProbeMs) break;
  }
  const faults = faultsOf(measured.result, lane.system.ordered);
  const ackP99Ms = measured.result.ackMs.p99;
  bench.say(`${name} at ${ratePerSecond}/s: ack p99 ${ackP99Ms.toFixed(1)} ms ${faults.join(', ')}`);
  const passed = faults.length === 0 && ackP99Ms <= highestAckP99Ms;
  return { probe: { passed, hopeless: ackP99Ms > 4 * highestAckP99Ms }, ackP99Ms };
}

/** A load of three seconds above the capacity takes longer to be answered. */
const longestProbeMs = 6_000;

function between({ rate, failedAt }: Capacity): string {
  return `${rate}${Number.isFinite(failedAt) ? ` (fails at ${failedAt})` : ''}`;
}
