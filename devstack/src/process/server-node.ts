import type { ProcessExit } from './process-spec.js';
import type { SupervisedProcess } from './supervised-process.js';

/** One running server with its address and the handles a fault test needs. */
export class ServerNode {
  /** "127.0.0.1:27117". */
  readonly address: string;

  constructor(
    /** For `onExit`, `lastLines` and the like. */
    readonly process: SupervisedProcess,
    readonly port: number,
    readonly dataDir: string,
  ) {
    this.address = `127.0.0.1:${port}`;
  }

  /** "mongo-1", "redis-3". */
  get name(): string {
    return this.process.name;
  }

  /** Of the current run. */
  get pid(): number {
    return this.process.pid;
  }

  get running(): boolean {
    return this.process.running;
  }

  get logFile(): string {
    return this.process.logFile;
  }

  /** Resolves when the current run has ended. */
  get exited(): Promise<ProcessExit> {
    return this.process.exited;
  }

  /** Sends a signal, SIGKILL unless told otherwise. Resolves when the process has ended, or at once for a signal that ends nothing. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    return this.process.kill(signal);
  }

  /** SIGSTOP: it hangs with its connections open. */
  pause(): Promise<void> {
    return this.process.pause();
  }

  /** SIGCONT: undoes `pause()`. */
  cont(): Promise<void> {
    return this.process.cont();
  }

  /** SIGTERM, then SIGKILL when `graceMs` is over (default 10,000). */
  stop(graceMs?: number): Promise<void> {
    return this.process.stop(graceMs);
  }

  /** Starts it again on the same port and data, stopping it first where it runs. Resolves when it accepts connections. */
  restart(): Promise<void> {
    return this.process.restart();
  }
}
