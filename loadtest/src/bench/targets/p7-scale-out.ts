import type { Bench } from '../bench.ts';
import type { Measurement } from '../measure/measure-load.ts';
import { ratioOf } from '../measure/quantiles.ts';
import { runPairs } from '../measure/run-pairs.ts';
import type { TargetResult } from './finding.ts';

/** P7: four gateways in place of one, for rooms whose members share a gateway: a message must not reach the other three. */
export async function measureScaleOut(bench: Bench): Promise<TargetResult> {
  const spec = { ratePerSecond: 500, warmSeconds: 1, seconds: 4, characters: 140 };
  const seating = { rooms: 20, members: 10 };
  const four = await bench.open(await bench.start('parlance', 4), { ...seating, prefix: 'four' });
  const one = await bench.open(await bench.start('parlance'), { ...seating, prefix: 'one' });
  const { say, pairs: count } = bench.options;
  const sides = [
    { lane: four, spec, label: 'four gateways' },
    { lane: one, spec, label: 'one gateway' },
  ] as const;
  const { pairs, disturbed, faults } = await runPairs(bench.servers, sides, { count, say });
  const cpu = ratioOf(pairs.map(([four, one]) => [four.cpuUs, one.cpuUs]));
  const reached = ({ result }: Measurement): number => result.deliveries / result.sent / seating.members;
  return {
    findings: [
      {
        target: 'P7',
        what: 'CPU a message at 500/s on 4 gateways, to that on 1',
        value: cpu.median,
        unit: 'x',
        limit: { atMost: 1.2 },
        detail: `${pairs.length} pairs, ${cpu.spread.map((value) => value.toFixed(2)).join(' to ')}; ${disturbed} discarded`,
      },
      {
        target: 'P7',
        what: 'deliveries that are missing, come twice, or go to others',
        value: faults.length + pairs.flat().filter((measured) => reached(measured) !== 1).length,
        unit: '',
        limit: { atMost: 0 },
        detail: faults.join(', '),
      },
    ],
  };
}
