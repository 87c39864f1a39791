import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inheritedEnvironment } from '../locations.config.js';
import { childGuard, signalGroup } from './child-guard.js';
import type { Ledger } from './ledger.js';
import type { LogFile } from './log-file.js';
import type { ProcessExit, ProcessSpec } from './process-spec.js';

/**
 * One run of a supervised process, from spawn to end. It leads its own process group, so a Ctrl-C in the terminal reaches only
 * this process, which then decides about its children. It is under guard and in the ledger for as long as it lives.
 */
export class ProcessRun {
  /** Resolves, never rejects, when it has ended. */
  readonly exited: Promise<ProcessExit>;
  /** Somebody here wants it to end. */
  asked = false;
  ended = false;
  private readonly child: ChildProcess;
  private readonly lineListeners = new Set<(line: string) => void>();

  constructor(
    private readonly spec: ProcessSpec,
    ledger: Ledger,
    log: LogFile,
    isFirst: boolean,
  ) {
    const { name, command, args = [], env = {}, cwd, ready, onLine } = spec;
    if (onLine !== undefined) this.lineListeners.add(onLine);
    const piped = ready instanceof RegExp || onLine !== undefined;
    const fd = log.open(isFirst);
    const output = piped ? 'pipe' : fd;
    this.child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...inheritedEnvironment(), ...env },
      detached: true,
      stdio: ['ignore', output, output],
    });
    const { pid } = this.child;
    if (pid !== undefined) {
      childGuard.add(pid);
      ledger.add(name, pid);
    }
    this.exited = this.end().then((end) => {
      this.ended = true;
      if (pid !== undefined) {
        signalGroup(pid, 'SIGKILL'); // grandchildren that stayed behind
        childGuard.remove(pid);
        ledger.remove(pid);
      }
      return { name, asked: this.asked, ...end };
    });
    if (piped) this.follow(log);
    else log.close();
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Resolves when the spec's condition is met; `signal` tells when nobody waits any more. */
  async ready(signal: AbortSignal): Promise<void> {
    const { ready } = this.spec;
    if (ready instanceof RegExp) await this.line(ready);
    else await ready?.({ pid: this.pid, signal });
  }

  private line(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const listener = (line: string): void => {
        if (!pattern.test(line)) return;
        this.lineListeners.delete(listener);
        resolve();
      };
      this.lineListeners.add(listener);
    });
  }

  private follow(log: LogFile): void {
    for (const input of [this.child.stdout, this.child.stderr]) {
      if (input === null) continue;
      createInterface({ input }).on('line', (line) => {
        log.write(line);
        for (const listener of this.lineListeners) listener(line);
      });
    }
    this.child.once('close', () => log.close());
  }

  private end(): Promise<Pick<ProcessExit, 'code' | 'signal' | 'error'>> {
    return new Promise((resolve) => {
      this.child.once('error', (error) => {
        // Without a pid it was never started; with one, only a signal could not be sent.
        if (this.child.pid === undefined) resolve({ code: null, signal: null, error });
      });
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }
}
