import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { processCpu, residentBytes } from '../measure/process-cpu.ts';
import type { MeasuredProcess, RunningSystem } from '../systems/running-system.ts';
import type { Finding, Point, TargetResult } from './finding.ts';

/** P6: what is paid while nothing happens: memory of a connection, CPU of thousands at rest, memory of a gateway before and after a minute of load. */
export async function measureIdle(bench: Bench): Promise<TargetResult> {
  const memory = await memoryOfLoad(bench);
  const system = await bench.start('parlance');
  const gateway = gatewayOf(system);
  await delay(3_000);
  const sizes = [{ connections: 0, bytes: await residentBytes(gateway.pid) }];
  let restShare = Number.NaN;
  let connected = 0;
  for (const connections of [1_000, 4_000, 9_000]) {
    const rooms = (connections - connected) / 10;
    await bench.open(system, { rooms, members: 10, prefix: `idle-${connections}` });
    connected = connections;
    await delay(5_000);
    sizes.push({ connections, bytes: await residentBytes(gateway.pid) });
    if (connections === 4_000) restShare = await shareOfCore(gateway, 15);
  }
  const between = (from: number, to: number): number => kibOfConnection(sizes[from], sizes[to]);
  const all = between(1, 3);
  const bend = between(2, 3) / between(1, 2);
  return {
    findings: [
      finding('memory of an idle connection in a room of 10, from 1,000 to 9,000', all, 'KiB', 12),
      finding('the same from 4,000 to 9,000, to that from 1,000 to 4,000 (linear is 1)', bend, 'x', 1.2),
      finding('CPU of a gateway with 4,000 connections at rest', 100 * restShare, '% of a core', 1),
      finding('memory of a gateway at rest', memory.restMb, 'MB', 90),
      finding('memory of a gateway after 60 s at 1,000/s', memory.loadedMb, 'MB', 150),
    ],
    points: sizes.map(
      ({ connections, bytes }): Point => ({
        plot: 'memory by connections',
        series: 'gateway',
        x: connections,
        y: bytes / 1e6,
      }),
    ),
    notes: [
      `the chat service: ${memory.chatServiceMb.map((value) => `${value.toFixed(0)} MB`).join(' at rest, ')} after 60 s`,
    ],
  };
}

function finding(what: string, value: number, unit: string, atMost: number): Finding {
  return { target: 'P6', what, value, unit, limit: { atMost } };
}

async function memoryOfLoad(bench: Bench) {
  await using system = await bench.start('parlance');
  const [gateway, chatService] = [gatewayOf(system), processOf(system, 'chat-service')];
  await delay(5_000);
  const [rest, serviceRest] = [await residentBytes(gateway.pid), await residentBytes(chatService.pid)];
  await using lane = await bench.open(system, { rooms: 20, members: 10 });
  const spec = { ratePerSecond: 1_000, warmSeconds: 1, seconds: 59, characters: 140, seed: 1 };
  let loaded = 0;
  let serviceLoaded = 0;
  await lane.crowd.load(lane.rooms, spec, (at) => {
    if (at === 'begin') return;
    void residentBytes(gateway.pid).then((bytes) => (loaded = bytes));
    void residentBytes(chatService.pid).then((bytes) => (serviceLoaded = bytes));
  });
  return { restMb: rest / 1e6, loadedMb: loaded / 1e6, chatServiceMb: [serviceRest / 1e6, serviceLoaded / 1e6] };
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

function gatewayOf(system: RunningSystem): MeasuredProcess {
  return processOf(system, 'gateway');
}

function processOf({ processes }: RunningSystem, wanted: string): MeasuredProcess {
  const found = processes.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`there is no ${wanted}`);
  return found;
}
