import { setTimeout as delay } from 'node:timers/promises';
import { type Bench, denseSeating } from '../bench.ts';
import { processCpu, residentBytes } from '../measure/process-cpu.ts';
import type { MeasuredProcess, RunningSystem } from '../systems/running-system.ts';
import type { Finding } from './finding.ts';

/** P6: what is paid while nothing happens: memory of a connection, CPU of thousands at rest, memory of a gateway before and after a minute of load. */
export async function measureIdle(bench: Bench): Promise<void> {
  await memoryOfLoad(bench);
  const system = await bench.start('parlance');
  const gateway = processOf(system, 'gateway');
  await delay(3_000);
  const measure = async (connections: number): Promise<Size> => {
    const bytes = await residentBytes(gateway.pid);
    bench.found.draw({ plot: 'memory by connections', series: 'gateway', x: connections, y: bytes / 1e6 });
    return { connections, bytes };
  };
  const sizes = [await measure(0)];
  let connected = 0;
  for (const planned of [1_000, 4_000, 9_000]) {
    const connections = 10 * bench.scaled(planned / 10, 3);
    const rooms = (connections - connected) / 10;
    await bench.open(system, { rooms, members: 10, prefix: `idle-${planned}` });
    connected = connections;
    // Until what handshakes leave behind is collected, nobody rests; everybody is pinged once each 25 s.
    const first = await shareOfCore(gateway, bench.scaled(10));
    if (planned === 4_000) {
      await delay(1_000 * bench.scaled(10));
      const value = 100 * (await shareOfCore(gateway, bench.scaled(25)));
      const detail = `${(100 * first).toFixed(2)} % in the first 10 s after the handshakes`;
      bench.found.finding({
        ...limited('CPU of a gateway with 4,000 connections at rest', value, '% of a core', 1),
        detail,
      });
    }
    sizes.push(await measure(connections));
  }
  const between = (from: number, to: number): number => kibOfConnection(sizes[from], sizes[to]);
  const bend = between(2, 3) / between(1, 2);
  bench.found.finding(
    limited('memory of an idle connection in a room of 10, from 1,000 to 9,000', between(1, 3), 'KiB', 12),
  );
  bench.found.finding(
    limited('the same from 4,000 to 9,000, to that from 1,000 to 4,000 (linear is 1)', bend, 'x', 1.2),
  );
}

function limited(what: string, value: number, unit: string, atMost: number): Omit<Finding, 'target'> {
  return { what, value, unit, limit: { atMost } };
}

async function memoryOfLoad(bench: Bench): Promise<void> {
  await using system = await bench.start('parlance');
  const [gateway, chatService] = [processOf(system, 'gateway'), processOf(system, 'chat-service')];
  await delay(5_000);
  const [rest, serviceRest] = [await residentBytes(gateway.pid), await residentBytes(chatService.pid)];
  bench.found.finding(limited('memory of a gateway at rest', rest / 1e6, 'MB', 90));
  await using lane = await bench.open(system, denseSeating);
  const spec = { ratePerSecond: 1_000, warmSeconds: 1, seconds: bench.scaled(59), characters: 140, seed: 1 };
  const readings: Promise<number>[] = [];
  await lane.crowd.load(lane.rooms, spec, (at) => {
    if (at === 'end') readings.push(residentBytes(gateway.pid), residentBytes(chatService.pid));
  });
  const [loaded = Number.NaN, serviceLoaded = Number.NaN] = await Promise.all(readings);
  bench.found.finding(limited('memory of a gateway after 60 s at 1,000/s', loaded / 1e6, 'MB', 150));
  const mb = [serviceRest, serviceLoaded].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`);
  bench.found.note(`the chat service: ${mb.join(' at rest, ')} after 60 s`);
}

async function shareOfCore({ pid }: MeasuredProcess, seconds: number): Promise<number> {
  const before = await processCpu(pid);
  await delay(seconds * 1_000);
  const after = await processCpu(pid);
  return (after.user - before.user + after.system - before.system) / (seconds * 1e6);
}

interface Size {
  readonly connections: number;
  readonly bytes: number;
}

function kibOfConnection(from: Size | undefined, to: Size | undefined): number {
  if (from === undefined || to === undefined) return Number.NaN;
  return (to.bytes - from.bytes) / 1_024 / (to.connections - from.connections);
}

function processOf({ processes }: RunningSystem, wanted: string): MeasuredProcess {
  const found = processes.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`there is no ${wanted}`);
  return found;
}
