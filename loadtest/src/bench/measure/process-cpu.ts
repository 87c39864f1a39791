import { readFile } from 'node:fs/promises';

/** CPU time in microseconds, as the kernel accounts it. */
export interface CpuTime {
  readonly user: number;
  readonly system: number;
}

/** Microseconds of a clock tick, in which the kernel tells times of processes: USER_HZ is 100 on all of Linux. */
export const clockTickUs = 10_000;

/** Of one process and its threads since its start; zeros when there is none. Resolution is a clock tick. */
export async function processCpu(pid: number): Promise<CpuTime> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { user: ticks(fields[11]), system: ticks(fields[12]) };
}

/** Calls of `write` and its relatives since the process started; NaN when there is none. */
export async function writeCalls(pid: number): Promise<number> {
  const io = await readFile(`/proc/${pid}/io`, 'utf8').catch(() => '');
  return Number(/^syscw: (\d+)/m.exec(io)?.[1] ?? Number.NaN);
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

function ticks(field: string | undefined): number {
  return Number(field ?? 0) * clockTickUs;
}
