import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Who runs under `pid` now, or `undefined` when nobody does. A zombie counts as nobody, for it holds no file and no port, once all
 * of its threads have ended: the first thread of a killed MongoDB is a zombie while the others still hold its port and its files.
 */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  const startTime = process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

/** One process for all time: a pid alone is given to a stranger after a while, a pid with its start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; compared for equality only. */
  readonly startTime: string;
}

/** Whether exactly this process, not a later one with the same pid, is still running. */
export function isAlive(identity: ProcessIdentity): boolean {
  return processIdentity(identity.pid)?.startTime === identity.startTime;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const identity = processIdentity(process.pid);
  if (identity === undefined) throw new Error(`cannot read the start time of this process (pid ${process.pid})`);
  return identity;
}

/** Field 22 of /proc/PID/stat (proc(5)), in clock ticks since boot; `undefined` for a zombie without further threads or an unreadable line. */
export function parseProcStat(stat: string): string | undefined {
  // The command name (field 2) may hold spaces and brackets, so count from its last closing bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, threads, ticks] = [fields[0], fields[17], fields[19]];
  return state === 'X' || (state === 'Z' && threads === '1') ? undefined : ticks;
}

/** The answer of `ps -o stat=,lstart=`; `undefined` for a zombie or no process. */
export function parsePs(output: string): string | undefined {
  const match = /^\s*(\S+)\s+(.+?)\s*$/.exec(output);
  return match === null || match[1]?.startsWith('Z') ? undefined : match[2];
}

function startTimeFromProc(pid: number): string | undefined {
  try {
    const ticks = parseProcStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return ticks === undefined ? undefined : `${bootId()}/${ticks}`;
  } catch {
    return undefined;
  }
}

function startTimeFromPs(pid: number): string | undefined {
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
  });
  return ps.status === 0 ? parsePs(ps.stdout) : undefined;
}

let boot: string | undefined;

/** Ticks start again at each boot, so the boot is part of the start time. */
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return boot;
}
