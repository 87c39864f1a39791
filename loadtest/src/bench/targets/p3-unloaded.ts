import type { Bench } from '../bench.ts';
import { compare } from './compare.ts';

/** P3: a system with little to do, where nothing is shared between messages: 200 a second beside L1m. */
export async function measureUnloaded(bench: Bench): Promise<void> {
  const toL1m = await compare(bench, { other: 'L1m', ratePerSecond: 200, seconds: 4 });
  bench.found.draw(...toL1m.points);
  bench.found.finding(toL1m.finding("CPU a message at 200/s, to L1m's", ({ cpuUs }) => cpuUs, { atMost: 1 }));
  bench.found.finding(toL1m.finding("ack p50 at 200/s, to L1m's", ({ result }) => result.ackMs.p50, { atMost: 1.3 }));
  bench.found.finding(toL1m.finding("ack p99 at 200/s, to L1m's", ({ result }) => result.ackMs.p99, { atMost: 1.5 }));
}
