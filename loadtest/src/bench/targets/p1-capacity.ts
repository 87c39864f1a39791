import type { Bench } from '../bench.ts';
import { faultsOf } from '../measure/accept.ts';
import { findCapacity, type Probe } from '../measure/find-capacity.ts';
import { type Measurement, measureLoad } from '../measure/measure-load.ts';
import { disturbedAbove } from '../measure/run-pairs.ts';
import type { Finding, Point, TargetResult } from './finding.ts';

/** P1: the highest rate of the dense workload at which 99 of 100 acks come within 50 ms, beside that of the baselines. */
export async function measureCapacity(bench: Bench): Promise<TargetResult> {
  const capacities = new Map<string, number>();
  const points: Point[] = [];
  for (const [name, startRate] of startRates) {
    const rate = await findCapacity({
      startRate,
      highestRate: 12_000,
      probe: async (ratePerSecond) => {
        const probe = await undisturbed(bench, name, ratePerSecond);
        points.push({ plot: 'ack p99 by rate', series: name, x: ratePerSecond, y: probe.ackP99Ms });
        return probe;
      },
    });
    bench.options.say(`${name}: ${rate} messages a second`);
    capacities.set(name, rate);
  }
  const mine = capacities.get('parlance') ?? 0;
  const ratio = (other: string, atLeast: number): Finding => ({
    target: 'P1',
    what: `capacity of the dense workload at ack p99 <= 50 ms, to ${other}'s`,
    value: mine / (capacities.get(other) ?? Number.NaN),
    unit: 'x',
    limit: { atLeast },
    detail: `${mine} to ${capacities.get(other)} messages a second`,
  });
  return { findings: [ratio('L1m', 4), ratio('L1', 1), ratio('L2', 8)], points };
}

const startRates = [
  ['L1m', 400],
  ['parlance', 800],
  ['L1', 1_800],
  ['L2', 200],
] as const;
const highestAckP99Ms = 50;

/** Probes again, twice at most, while other processes take part. */
async function undisturbed(bench: Bench, name: string, ratePerSecond: number): Promise<Probe> {
  const lane = await bench.denseLane(name);
  const spec = { ratePerSecond, warmSeconds: 1.5, seconds: 3, characters: 140, seed: ratePerSecond };
  let measured: Measurement;
  for (let attempt = 1; ; attempt++) {
    measured = await measureLoad(bench.servers, lane, spec);
    if (measured.foreignCores <= disturbedAbove || attempt === 3) break;
  }
  const faults = faultsOf(measured.result, lane.system.ordered);
  const ackP99Ms = measured.result.ackMs.p99;
  bench.options.say(`${name} at ${ratePerSecond}/s: ack p99 ${ackP99Ms.toFixed(1)} ms ${faults.join(', ')}`);
  return { ratePerSecond, ackP99Ms, passed: faults.length === 0 && ackP99Ms <= highestAckP99Ms };
}
