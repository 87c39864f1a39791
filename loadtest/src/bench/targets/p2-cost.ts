import type { Bench } from '../bench.ts';
import type { Measurement } from '../measure/measure-load.ts';
import { compare, medianOf } from './compare.ts';
import type { Finding, TargetResult } from './finding.ts';

/** P2: what a message of the dense workload costs each service, and all together beside the baselines and the time before. */
export async function measureCost(bench: Bench): Promise<TargetResult> {
  const [busy, before] = [1_000, bench.options.before === undefined ? 'L1m' : 'before'];
  const toL1m = await compare(bench, 'L1m', 500);
  const toL1 = await compare(bench, 'L1', 1_500);
  const toBefore = before === 'before' ? await compare(bench, 'before', busy) : undefined;
  const own = toBefore?.mine ?? (await compare(bench, 'L1', busy)).mine;
  const user = (process: string): Finding => ({
    target: 'P2',
    what: `user time of the ${process} a message at ${busy}/s`,
    value: medianOf(own, userOf(process)),
    unit: 'us',
    limit: { atMost: 150 },
    detail: `and ${medianOf(own, systemOf(process)).toFixed(0)} us system`,
  });
  const cpu = ({ cpuUs }: Measurement): number => cpuUs;
  return {
    findings: [
      user('chat-service'),
      user('gateway'),
      toL1m.finding('P2', "CPU a message at 500/s, to L1m's", cpu, { atMost: 0.6 }),
      toL1.finding('P2', "CPU a message at 1,500/s, to L1's", cpu, { atMost: 1 }),
      toBefore?.finding('P2', `CPU a message at ${busy}/s, to that of the time before`, cpu, { atMost: 0.5 }) ??
        missing,
    ],
    points: [...toL1m.points, ...toL1.points, ...(toBefore?.points ?? [])],
    notes: own.slice(0, 1).map(byProcess),
  };
}

const missing: Finding = {
  target: 'P2',
  what: 'CPU a message at 1,000/s, to that of the time before',
  value: Number.NaN,
  unit: 'x',
  limit: { atMost: 0.5 },
  detail: 'not measured: no build of the time before (--before DIR)',
};

function userOf(process: string): (measured: Measurement) => number {
  return ({ cpu }) => cpu.find(({ name }) => name === process)?.user ?? Number.NaN;
}

function systemOf(process: string): (measured: Measurement) => number {
  return ({ cpu }) => cpu.find(({ name }) => name === process)?.system ?? Number.NaN;
}

function byProcess({ result, cpu }: Measurement): string {
  const parts = cpu.map(({ name, user, system }) => `${name} ${user.toFixed(0)} + ${system.toFixed(0)}`);
  return `user + system us a message at ${result.ratePerSecond}/s: ${parts.join(', ')}`;
}
