import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import type { LoadResult } from '../crowd/load.ts';
import type { Lane } from '../measure/lane.ts';
import { median } from '../measure/quantiles.ts';
import type { RunningSystem } from '../systems/running-system.ts';

/** P9: what others notice of a hot room, of clients that stop reading, and of a room of a thousand that is made. */
export async function measureIsolation(bench: Bench): Promise<void> {
  const system = await bench.start('parlance');
  const others = await bench.open(system, { rooms: 50, members: 4, prefix: 'quiet' });
  const crowd = await bench.open(system, { rooms: 1, members: bench.scaled(999), prefix: 'hot' });
  await talk(bench, others, 3);
  await hotRoom(bench, others, crowd);
  await roomCreated(bench, others, crowd);
  await crowd[Symbol.asyncDispose]();
  await stalledReaders(bench, system, others);
}

/** Off, on, off, on: the others' p99 with the hot room, to that without. */
async function hotRoom(bench: Bench, others: Lane, crowd: Lane): Promise<void> {
  const ratios: number[] = [];
  const rounds = bench.scaled(3);
  for (let round = 0; round < rounds; round++) {
    const off = await talk(bench, others, 5);
    const spec = {
      ratePerSecond: hotRate,
      warmSeconds: 0,
      seconds: bench.scaled(5) + 1,
      characters: 140,
      seed: round + 1,
    };
    const heated = crowd.crowd.load(crowd.rooms, spec);
    await delay(500);
    const on = await talk(bench, others, 5);
    await heated;
    ratios.push(on.ackMs.p99 / off.ackMs.p99);
    bench.say(`others' ack p99: ${off.ackMs.p99.toFixed(1)} ms, with a hot room ${on.ackMs.p99.toFixed(1)} ms`);
  }
  bench.found.finding({
    what: `others' ack p99 while a room of 999 gets ${hotRate} messages a second, to that without`,
    value: median(ratios),
    unit: 'x',
    limit: { atMost: 1.5 },
    detail: ratios.map((ratio) => ratio.toFixed(2)).join(', '),
  });
}

async function roomCreated(bench: Bench, others: Lane, crowd: Lane): Promise<void> {
  const calm = await talk(bench, others, 4);
  const talking = talk(bench, others, 4);
  await delay(1_500);
  const users = Array.from({ length: bench.scaled(999) }, (_, index) => `hot-${index}`);
  const ack = await crowd.crowd.request(0, 'createRoom', { roomType: 'group', participants: users });
  const during = await talking;
  if (!(ack as { readonly success: boolean }).success)
    throw new Error(`no room was made: ${JSON.stringify(ack).slice(0, 200)}`);
  bench.found.finding({
    what: "others' slowest ack while a room of 999 connected people is made, beyond the slowest without",
    value: Math.max(0, during.ackMs.max - calm.ackMs.max),
    unit: 'ms',
    limit: { atMost: 100 },
    detail: `${during.ackMs.max.toFixed(0)} and ${calm.ackMs.max.toFixed(0)} ms`,
  });
}

/** 20 people of a room with large messages stop reading; the gateway has to notice. */
async function stalledReaders(bench: Bench, system: RunningSystem, others: Lane): Promise<void> {
  await using busy = await bench.open(system, { rooms: 1, members: 21, prefix: 'stalled' });
  const large = { ratePerSecond: 120, warmSeconds: 0, seconds: 9, characters: 16_000, seed: 1 };
  const before = await connectionsOf(system);
  const calm = busy.crowd.load(busy.rooms, { ...large, seconds: 7 });
  await delay(500);
  const calmOthers = await talk(bench, others, 5);
  await calm;
  await busy.crowd.pause(Array.from({ length: 20 }, (_, index) => index + 1));
  const from = performance.now();
  const loud = busy.crowd.load(busy.rooms, large);
  const talking = talk(bench, others, 6);
  let cutMs = Number.POSITIVE_INFINITY;
  while (performance.now() - from < 12_000) {
    if ((await connectionsOf(system)) <= before - 20) {
      cutMs = performance.now() - from;
      break;
    }
    await delay(100);
  }
  const disturbed = await talking;
  await loud.catch(() => undefined);
  bench.found.finding({
    what: '20 clients that stop reading are cut within',
    value: cutMs / 1_000,
    unit: 's',
    limit: { atMost: 5 },
    detail: '120 messages of 16 kB a second; the kernel takes several MB of each first',
  });
  bench.found.finding({
    what: "others' ack p99 meanwhile, to that while they read",
    value: disturbed.ackMs.p99 / calmOthers.ackMs.p99,
    unit: 'x',
    limit: { atMost: 1.2 },
    detail: `${disturbed.ackMs.p99.toFixed(1)} to ${calmOthers.ackMs.p99.toFixed(1)} ms`,
  });
}

const hotRate = 8;

function talk(bench: Bench, others: Lane, planned: number): Promise<LoadResult> {
  const seconds = bench.scaled(planned, 2);
  const spec = { ratePerSecond: 100, warmSeconds: 0.5, seconds, characters: 140, seed: seconds };
  return others.crowd.load(others.rooms, spec);
}

async function connectionsOf({ opsUrls = [] }: RunningSystem): Promise<number> {
  const text = await (await fetch(`${opsUrls[0]}/metrics`)).text();
  return Number(/^chat_gateway_connections(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1] ?? Number.NaN);
}
