import { readFile } from 'node:fs/promises';
import type { Bench } from '../bench.ts';
import { type Measurement, measureLoad } from '../measure/measure-load.ts';
import { ratioOf } from '../measure/quantiles.ts';
import { runPairs } from '../measure/run-pairs.ts';
import type { Finding, TargetResult } from './finding.ts';

/** P4: deliveries alone: many rooms with little in each, beside L1; and one room of a thousand that is sent eight messages at once. */
export async function measureDeliveries(bench: Bench): Promise<TargetResult> {
  return { findings: [await sparse(bench), ...(await hot(bench))] };
}

async function sparse(bench: Bench): Promise<Finding> {
  const seating = { rooms: 400, members: 10, prefix: 'sparse' };
  const spec = { ratePerSecond: 300, warmSeconds: 1, seconds: 4, characters: 140 };
  const { say, pairs: count } = bench.options;
  await using mine = await bench.start('parlance');
  await using theirs = await bench.start('L1');
  await using lane = await bench.open(mine, seating);
  await using other = await bench.open(theirs, seating);
  const sides = [
    { lane, spec },
    { lane: other, spec },
  ] as const;
  const { pairs, disturbed, faults } = await runPairs(bench.servers, sides, { count, say });
  const ratio = ratioOf(pairs.map(([one, two]) => [perDelivery(one), perDelivery(two)]));
  const notes = [`${pairs.length} pairs, ${ratio.spread.map((value) => value.toFixed(2)).join(' to ')}`];
  if (disturbed > 0) notes.push(`${disturbed} discarded`);
  return {
    target: 'P4',
    what: "CPU a delivery with 4,000 connections in rooms of 10, 300 messages a second, to L1's",
    value: ratio.median,
    unit: 'x',
    limit: { atMost: 1 },
    detail: [...notes, ...new Set(faults)].join('; '),
  };
}

async function hot(bench: Bench): Promise<readonly Finding[]> {
  await using system = await bench.start('parlance');
  await using lane = await bench.open(system, { rooms: 1, members: 1_000, prefix: 'hot' });
  const gateway = system.processes.find(({ name }) => name === 'gateway')?.pid ?? 0;
  const before = await writesOf(gateway);
  const spec = { ratePerSecond: 16, warmSeconds: 0, seconds: 6, characters: 140, seed: 1, burst: 8 };
  const measured = await measureLoad(bench.servers, lane, spec);
  const writes = (await writesOf(gateway)) - before;
  const { deliveries, answeredInSpan } = measured.result;
  const cpu = measured.cpu.find(({ name }) => name === 'gateway');
  const gatewayUs = cpu === undefined ? Number.NaN : ((cpu.user + cpu.system) * answeredInSpan) / deliveries;
  return [
    {
      target: 'P4',
      what: 'writes a delivery in a room of 1,000, eight messages at once',
      value: writes / deliveries,
      unit: '',
      limit: { atMost: 0.2 },
    },
    { target: 'P4', what: "gateway's CPU of such a delivery", value: gatewayUs, unit: 'us', limit: { atMost: 4 } },
  ];
}

function perDelivery({ cpuUs, result }: Measurement): number {
  return (cpuUs * result.sent) / result.deliveries;
}

/** Calls of `write` and its relatives since the process started. */
async function writesOf(pid: number): Promise<number> {
  const io = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
  return Number(/^syscw: (\d+)/m.exec(io)?.[1] ?? Number.NaN);
}
