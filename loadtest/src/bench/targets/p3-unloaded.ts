import type { Bench } from '../bench.ts';
import { compare } from './compare.ts';
import type { TargetResult } from './finding.ts';

/** P3: a system with little to do, where nothing is shared between messages: 200 a second beside L1m. */
export async function measureUnloaded(bench: Bench): Promise<TargetResult> {
  const toL1m = await compare(bench, 'L1m', 200, 5);
  return {
    findings: [
      toL1m.finding('P3', "CPU a message at 200/s, to L1m's", ({ cpuUs }) => cpuUs, { atMost: 1 }),
      toL1m.finding('P3', "ack p50 at 200/s, to L1m's", ({ result }) => result.ackMs.p50, { atMost: 1.3 }),
      toL1m.finding('P3', "ack p99 at 200/s, to L1m's", ({ result }) => result.ackMs.p99, { atMost: 1.5 }),
    ],
    points: toL1m.points,
  };
}
