import { Crowd } from '../crowd/crowd.ts';
import type { LoadResult, LoadSpec } from '../crowd/load.ts';
import type { MeasuredProcess } from '../systems/running-system.ts';
import type { Servers } from '../systems/servers.ts';
import { foreignCpu } from './foreign-cpu.ts';
import type { Lane } from './lane.ts';
import { type Operations, operationsSince, readOperations } from './operations.ts';
import { type CpuTime, cpuSince, processCpu } from './process-cpu.ts';
import { type Commands, commandsSince, readCommands } from './server-commands.ts';

/** One load on one lane, and what it cost. Times are microseconds of CPU a message. */
export interface Measurement {
  readonly system: string;
  readonly result: LoadResult;
  /** Of each process: the system's own, mongod, redis. */
  readonly cpu: readonly (MeasuredProcess & CpuTime)[];
  /** User and system time of all of them. */
  readonly cpuUs: number;
  /** Of the generator; in no other figure. */
  readonly generatorUs: number;
  /** Share of one core that processes took which are no part of the run. */
  readonly foreignCores: number;
  /** Commands a message that MongoDB and Redis were given. */
  readonly commands: Commands;
  /** Calls of `write`, and frames between services, a message. */
  readonly operations: Operations;
}

/** Runs a load and reads the counters of processes and servers at both ends of the span that counts. */
export async function measureLoad(servers: Servers, lane: Lane, spec: LoadSpec): Promise<Measurement> {
  const measured = [...lane.system.processes, ...servers.processes];
  const read = (): Promise<Reading> => readAll(servers, measured, [...Crowd.pids]);
  const readings: Promise<Reading>[] = [];
  const done = await readOperations(lane.system);
  const result = await lane.crowd.load(lane.rooms, spec, () => void readings.push(read()));
  const operations = operationsSince(await readOperations(lane.system), done, result.sentInAll);
  const [before, after] = await Promise.all(readings);
  if (before === undefined || after === undefined) throw new Error('a load has a beginning and an end');
  const messages = Math.max(1, result.answeredInSpan);
  const seconds = (after.atMs - before.atMs) / 1_000;
  const cpu = measured.map((process, index) => ({
    ...process,
    ...perMessage(cpuSince(at(after.cpu, index), at(before.cpu, index)), messages),
  }));
  return {
    system: lane.system.name,
    result,
    cpu,
    cpuUs: cpu.reduce((sum, time) => sum + total(time), 0),
    generatorUs: total(cpuSince(after.generator, before.generator)) / messages,
    foreignCores: (after.foreign - before.foreign) / 1e6 / seconds,
    commands: commandsSince(after.commands, before.commands, messages),
    operations,
  };
}

interface Reading {
  readonly atMs: number;
  readonly cpu: readonly CpuTime[];
  readonly generator: CpuTime;
  readonly foreign: number;
  readonly commands: Commands;
}

async function readAll(
  servers: Servers,
  measured: readonly MeasuredProcess[],
  generators: readonly number[],
): Promise<Reading> {
  return {
    atMs: performance.now(),
    cpu: await Promise.all(measured.map(({ pid }) => processCpu(pid))),
    generator: sum(await Promise.all(generators.map(processCpu))),
    foreign: await foreignCpu(process.pid),
    commands: await readCommands(servers),
  };
}

function sum(times: readonly CpuTime[]): CpuTime {
  return times.reduce((one, other) => ({ user: one.user + other.user, system: one.system + other.system }), none);
}

const none: CpuTime = { user: 0, system: 0 };

function at(times: readonly CpuTime[], index: number): CpuTime {
  return times[index] ?? none;
}

function total({ user, system }: CpuTime): number {
  return user + system;
}

function perMessage({ user, system }: CpuTime, messages: number): CpuTime {
  return { user: user / messages, system: system / messages };
}
