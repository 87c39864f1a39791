import { readdir, readFile } from 'node:fs/promises';
import { clockTickUs } from './process-cpu.ts';

/**
 * CPU time in microseconds of all processes of the machine that are no part of a run: neither the process `root` nor what it
 * started, nor threads of the kernel. With that of children which have ended, so that the difference of two readings is what
 * others took in between. (The machine's own sum in `/proc/stat` is sampled at ticks and has interrupts, which are the run's: it
 * differs from the sum over processes by more than a tenth of a core.)
 */
export async function foreignCpu(root: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return foreignIn(stats, root);
}

/** The same of the lines of `/proc/PID/stat`; empty ones are processes that ended meanwhile. (proc_pid_stat(5)) */
export function foreignIn(stats: readonly string[], root: number): number {
  const all = new Map(stats.filter((line) => line !== '').map((line) => [Number.parseInt(line, 10), readStat(line)]));
  const isOwn = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = all.get(pid)?.parent ?? 0;
    return parent > 0 && isOwn(parent);
  };
  let sum = 0;
  for (const [pid, { us, ofKernel }] of all) if (!ofKernel && !isOwn(pid)) sum += us;
  return sum;
}

interface ProcessStat {
  readonly parent: number;
  readonly ofKernel: boolean;
  readonly us: number;
}

function readStat(line: string): ProcessStat {
  // The name of a process may have spaces and brackets.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const times = fields.slice(11, 15).map(Number);
  return {
    parent: Number(fields[1]),
    // PF_KTHREAD
    ofKernel: (Number(fields[6]) & 0x20_00_00) !== 0,
    us: times.reduce((sum, value) => sum + value, 0) * clockTickUs,
  };
}
