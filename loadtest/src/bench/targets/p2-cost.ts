import type { Bench } from '../bench.ts';
import type { Measurement } from '../measure/measure-load.ts';
import { compare, medianOf } from './compare.ts';

/** P2: what a message of the dense workload costs each service, and all together beside the baselines and the time before. */
export async function measureCost(bench: Bench): Promise<void> {
  const { found, budget } = bench;
  const seconds = 2;
  for (const name of ['parlance', 'L1m', 'L1', beforeIn(bench)]) await bench.denseLane(name);
  const toL1m = await compare(bench, { other: 'L1m', ratePerSecond: 500, seconds, budget: budget.part(3) });
  found.draw(...toL1m.points);
  found.finding(toL1m.finding("CPU a message at 500/s, to L1m's", cpu, { atMost: 0.6 }));
  const toL1 = await compare(bench, { other: 'L1', ratePerSecond: 1_500, seconds, budget: budget.part(2) });
  found.draw(...toL1.points);
  found.finding(toL1.finding("CPU a message at 1,500/s, to L1's", cpu, { atMost: 1 }));
  const own = await atBusyRate(bench, seconds);
  for (const process of ['chat-service', 'gateway']) {
    found.finding({
      what: `user time of the ${process} a message at 1,000/s`,
      value: medianOf(own, timeOf(process, 'user')),
      unit: 'us',
      limit: { atMost: 150 },
      detail: `and ${medianOf(own, timeOf(process, 'system')).toFixed(0)} us system`,
    });
  }
  for (const measured of own.slice(-1)) {
    found.note(byProcess(measured));
    found.note(byOperation(measured));
  }
}

function beforeIn(bench: Bench): 'before' | 'L1' {
  return bench.options.before === undefined ? 'L1' : 'before';
}

/** Beside the time before; where there is no build of it, beside L1, for what Parlance's own processes take. */
async function atBusyRate(bench: Bench, seconds: number): Promise<readonly Measurement[]> {
  const other = beforeIn(bench);
  const compared = await compare(bench, { other, ratePerSecond: 1_000, seconds });
  bench.found.draw(...compared.points);
  const limit = { atMost: 0.5 };
  const what = 'CPU a message at 1,000/s, to that of the time before';
  bench.found.finding(
    other === 'before'
      ? compared.finding(what, cpu, limit)
      : { what, value: Number.NaN, unit: 'x', limit, detail: 'no build of the time before (--before DIR)' },
  );
  return compared.mine;
}

function cpu({ cpuUs }: Measurement): number {
  return cpuUs;
}

function timeOf(process: string, kind: 'user' | 'system'): (measured: Measurement) => number {
  return ({ cpu }) => cpu.find(({ name }) => name === process)?.[kind] ?? Number.NaN;
}

function byProcess({ result, cpu }: Measurement): string {
  const parts = cpu.map(({ name, user, system }) => `${name} ${user.toFixed(0)} + ${system.toFixed(0)}`);
  return `user + system us a message at ${result.ratePerSecond}/s: ${parts.join(', ')}`;
}

function byOperation({ result, commands, operations }: Measurement): string {
  const parts = Object.entries({ ...commands, ...operations }).filter(([, count]) => count >= 0.005);
  return `operations a message at ${result.ratePerSecond}/s: ${parts.map(([name, count]) => `${name} ${count.toFixed(2)}`).join(', ')}`;
}
