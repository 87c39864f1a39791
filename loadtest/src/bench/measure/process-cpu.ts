import { readFile } from 'node:fs/promises';

/** CPU time in microseconds, as the kernel accounts it. */
export interface CpuTime {
  readonly user: number;
  readonly system: number;
}

/** Of one process and its threads since its start; zeros when there is none. Resolution is a clock tick, 10 ms. */
export async function processCpu(pid: number): Promise<CpuTime> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: ticks(fields[11]), system: ticks(fields[12]) };
}

/** Of the whole machine since its start, all that is not idle. */
export async function machineCpu(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n', 1);
  const [user, nice, system, , , irq, softirq] = line.trim().split(/\s+/).slice(1);
  return [user, nice, system, irq, softirq].reduce((sum, value) => sum + ticks(value), 0);
}

/** Resident memory in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}

/** What a later reading has more than an earlier one. */
export function cpuSince(now: CpuTime, before: CpuTime): CpuTime {
  return { user: now.user - before.user, system: now.system - before.system };
}

const microsecondsPerTick = 10_000;

function ticks(field: string | undefined): number {
  return Number(field ?? 0) * microsecondsPerTick;
}
