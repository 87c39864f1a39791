import type { Bench } from '../bench.ts';
import { type Measurement, measureLoad } from '../measure/measure-load.ts';
import { writeCalls } from '../measure/process-cpu.ts';
import { ratioOfPairs } from '../pairs/run-pairs.ts';

/** P4: deliveries alone: one room of a thousand that is sent eight messages at once; and many rooms with little in each, beside L1. */
export async function measureDeliveries(bench: Bench): Promise<void> {
  await hot(bench);
  await sparse(bench);
}

async function sparse(bench: Bench): Promise<void> {
  const seating = { rooms: bench.scaled(400), members: 10, prefix: 'sparse' };
  const spec = { ratePerSecond: 300, warmSeconds: 1, seconds: bench.scaled(2), characters: 140 };
  await using mine = await bench.start('parlance');
  await using theirs = await bench.start('L1');
  await using lane = await bench.open(mine, seating);
  await using other = await bench.open(theirs, seating);
  const measured = await bench.pairs([
    { lane, spec },
    { lane: other, spec },
  ]);
  const { ratio, notes } = ratioOfPairs(measured, perDelivery);
  bench.found.finding({
    what: "CPU a delivery with 4,000 connections in rooms of 10, 300 messages a second, to L1's",
    value: ratio.median,
    unit: 'x',
    limit: { atMost: 1 },
    detail: notes.join('; '),
  });
}

async function hot(bench: Bench): Promise<void> {
  await using system = await bench.start('parlance');
  await using lane = await bench.open(system, { rooms: 1, members: bench.scaled(1_000), prefix: 'hot' });
  const gateway = system.processes.find(({ name }) => name === 'gateway')?.pid ?? 0;
  const before = await writeCalls(gateway);
  const spec = { ratePerSecond: 16, warmSeconds: 0, seconds: bench.scaled(6), characters: 140, seed: 1, burst: 8 };
  const measured = await measureLoad(bench.servers, lane, spec);
  const writes = (await writeCalls(gateway)) - before;
  const { deliveries, answeredInSpan } = measured.result;
  const cpu = measured.cpu.find(({ name }) => name === 'gateway');
  const gatewayUs = cpu === undefined ? Number.NaN : ((cpu.user + cpu.system) * answeredInSpan) / deliveries;
  bench.found.finding({
    what: 'writes a delivery in a room of 1,000, eight messages at once',
    value: writes / deliveries,
    unit: '',
    limit: { atMost: 0.2 },
  });
  bench.found.finding({ what: "gateway's CPU of such a delivery", value: gatewayUs, unit: 'us', limit: { atMost: 4 } });
}

function perDelivery({ cpuUs, result }: Measurement): number {
  return (cpuUs * result.sent) / result.deliveries;
}
