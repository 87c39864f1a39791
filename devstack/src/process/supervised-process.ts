import { reasonOf } from '../reason-of.js';
import { signalGroup } from './child-guard.js';
import { Ledger } from './ledger.js';
import { LogFile } from './log-file.js';
import { ProcessRun } from './process-run.js';
import { describeExit, type ProcessExit, type ProcessSpec } from './process-spec.js';

const ENDING = new Set<NodeJS.Signals>(['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGQUIT', 'SIGABRT', 'SIGHUP', 'SIGSEGV']);

/** A child process that is followed from start to end and can be started again under the same name. */
export class SupervisedProcess {
  private readonly ledger: Ledger;
  private readonly log: LogFile;
  private readonly exitListeners = new Set<(exit: ProcessExit) => void>();
  private run: ProcessRun | undefined;

  /** Starts nothing yet; see `start()` and `startProcess`. */
  constructor(
    private readonly spec: ProcessSpec,
    ledgerDir: string,
  ) {
    this.ledger = Ledger.in(ledgerDir);
    this.log = new LogFile(spec.logFile);
  }

  get name(): string {
    return this.spec.name;
  }

  get logFile(): string {
    return this.spec.logFile;
  }

  /** Of the current run, or of the last one when it has ended. */
  get pid(): number {
    return this.run?.pid ?? 0;
  }

  get running(): boolean {
    return this.run?.ended === false;
  }

  /** Resolves (never rejects) when the current run has ended. */
  get exited(): Promise<ProcessExit> {
    if (this.run === undefined) throw new Error(`${this.name} was never started`);
    return this.run.exited;
  }

  /**
   * Starts it and waits until it is ready. If it ends first, is late, or the spec's signal fires, it is killed; the error of the
   * first two quotes its last lines, that of the third is the signal's reason.
   */
  async start(): Promise<void> {
    if (this.running) throw new Error(`${this.name} is running already (pid ${this.pid})`);
    const run = new ProcessRun(this.spec, this.ledger, this.log, this.run === undefined);
    this.run = run;
    const told = run.exited.then((exit) => {
      for (const listener of this.exitListeners) listener(exit);
      return exit;
    });
    try {
      await this.whenReady(run, told);
    } catch (error) {
      await this.kill('SIGKILL');
      this.spec.signal?.throwIfAborted();
      throw new Error(`${this.name} ${reasonOf(error)}${this.log.quote()}`, { cause: error });
    }
  }

  /** Sends a signal. Resolves when it has ended; at once for a signal that ends nothing (SIGSTOP, SIGCONT, SIGUSR1 ...). */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const run = this.run;
    if (run === undefined || run.ended) return;
    const ends = ENDING.has(signal);
    if (ends) run.asked = true;
    signalGroup(run.pid, signal);
    if (ends) await run.exited;
  }

  /** SIGSTOP: it stops answering but keeps its sockets, like a hung machine. */
  pause(): Promise<void> {
    return this.kill('SIGSTOP');
  }

  /** SIGCONT: takes up where `pause()` left it. */
  cont(): Promise<void> {
    return this.kill('SIGCONT');
  }

  /** SIGTERM, and SIGKILL when it is still there after `graceMs` (default: the spec's). Resolves when it has ended. */
  async stop(graceMs = this.spec.graceMs ?? 10_000): Promise<void> {
    const run = this.run;
    if (run === undefined || run.ended) return;
    run.asked = true;
    signalGroup(run.pid, 'SIGTERM');
    signalGroup(run.pid, 'SIGCONT'); // a paused process only sees SIGTERM once it runs again
    const hard = setTimeout(() => signalGroup(run.pid, 'SIGKILL'), graceMs);
    await run.exited;
    clearTimeout(hard);
  }

  /** Stops it where it runs, starts it again with the same command, and waits until it is ready. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** The last lines of output of the current run. */
  lastLines(count = 15): readonly string[] {
    return this.log.lastLines(count);
  }

  /** Calls `listener` at the end of each run, wanted or not. Returns how to stop that. */
  onExit(listener: (exit: ProcessExit) => void): () => void {
    this.exitListeners.add(listener);
    return () => this.exitListeners.delete(listener);
  }

  /** Rejects when the run ends, its time is over, or the spec's signal fires before it is ready. */
  private async whenReady(run: ProcessRun, exited: Promise<ProcessExit>): Promise<void> {
    const timeoutMs = this.spec.readyTimeoutMs ?? 120_000;
    const settled = new AbortController();
    const late = setTimeout(() => settled.abort(new Error(`was not ready after ${timeoutMs / 1000} s`)), timeoutMs);
    const signal =
      this.spec.signal === undefined ? settled.signal : AbortSignal.any([settled.signal, this.spec.signal]);
    const aborted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason as Error);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    const ended = exited.then((exit) => Promise.reject(new Error(describeExit(exit))));
    try {
      await Promise.race([run.ready(signal), ended, aborted]);
    } finally {
      clearTimeout(late);
      settled.abort();
    }
  }
}
