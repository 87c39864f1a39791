/** What to run, where its words go, and how to know that it is up. */
export interface ProcessSpec {
  /** Short name for people: table, messages, ledger ("mongo-1"). */
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** stdout and stderr go here. A first start moves an older file to `*.previous.log`; a restart appends. */
  readonly logFile: string;
  /** Called with each line of output. Without it (and with no pattern in `ready`) output costs this process nothing. */
  readonly onLine?: (line: string) => void;
  /** A pattern in one line of output, or a promise that resolves when it serves. Default: ready once it runs. */
  readonly ready?: RegExp | ((start: ProcessStart) => Promise<unknown>);
  /** Default 120,000 ms: a machine may give it a fraction of a core. */
  readonly readyTimeoutMs?: number;
  /** Time between SIGTERM and SIGKILL in `stop()`; default 10,000 ms. */
  readonly graceMs?: number;
  /** Aborts a start under way: the process is killed and the start fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Where started processes are written down; default `<PARLANCE_DIR>/run/ledger`. */
  readonly ledgerDir?: string;
}

/** What a `ready` function gets: the new pid, and a signal that fires when waiting makes no sense any more. */
export interface ProcessStart {
  readonly pid: number;
  readonly signal: AbortSignal;
}

/** How a process ended. `asked` tells whether `stop`, `kill` or `restart` of this library wanted it. */
export interface ProcessExit {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly asked: boolean;
  /** Set when it could not be started at all. */
  readonly error?: Error;
}

/** "exited with code 1", "was ended by SIGKILL", "could not be started: ENOENT". */
export function describeExit(exit: ProcessExit): string {
  if (exit.error !== undefined) return `could not be started: ${exit.error.message}`;
  return exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
}
