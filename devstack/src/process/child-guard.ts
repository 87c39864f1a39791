import process from 'node:process';

/**
 * Sees to it that the children of this process die with it: on a normal end, an uncaught exception, `process.exit`, and on
 * SIGINT, SIGTERM and SIGHUP where nobody else handles them. (A SIGKILL of this process leaves children behind; the next
 * start finds those in the ledger.)
 */
export const childGuard = {
  /** Puts the process group led by `pid` under guard. */
  add(pid: number): void {
    const guard = installed();
    guard.groups.add(pid);
  },
  /** Its process ended. */
  remove(pid: number): void {
    installed().groups.delete(pid);
  },
};

/** Sends `signal` to the whole process group of a child started detached; `false` when it no longer exists. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

interface Guard {
  readonly groups: Set<number>;
}

// One guard a process even if this module is loaded twice (vitest does), or each copy would take the other for a signal handler of the host.
const KEY = Symbol.for('@parlance/devstack/child-guard');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function installed(): Guard {
  const scope = globalThis as { [KEY]?: Guard };
  scope[KEY] ??= install();
  return scope[KEY];
}

function install(): Guard {
  const groups = new Set<number>();
  const killAll = (): void => {
    for (const pid of groups) signalGroup(pid, 'SIGKILL');
    groups.clear();
  };
  process.on('exit', killAll);
  for (const signal of SIGNALS) {
    const onSignal = (): void => {
      if (process.listenerCount(signal) > 1) return; // the host handles it, and ends in 'exit'
      killAll();
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }
  return { groups };
}
