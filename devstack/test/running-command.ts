import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { OnTestFinished } from './scratch-folder.js';

/** A command of the devstack under test: its output so far, its exit code, and lines to wait for. Ended with the test at the latest. */
export class RunningCommand {
  output = '';
  readonly code: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly news = new EventEmitter();

  constructor(
    script: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    onTestFinished: OnTestFinished,
  ) {
    this.child = spawn(process.execPath, [script, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
        this.news.emit('output');
      });
    }
    this.code = once(this.child, 'close').then(([code]) => code as number | null);
    onTestFinished(async () => {
      this.kill('SIGTERM');
      await this.code;
    });
  }

  /** Resolves when it has ended with this exit code; fails with the output when it ended with another. */
  async endsWith(code: number): Promise<void> {
    const actual = await this.code;
    if (actual !== code) throw new Error(`ended with ${actual}, not with ${code}:\n${this.output}`);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves with the match as soon as the output holds it; fails with the output when the command ends without it. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    let ended = false;
    void this.code.then(() => {
      ended = true;
      this.news.emit('output');
    });
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      if (ended) throw new Error(`ended and never said ${pattern}:\n${this.output}`);
      await once(this.news, 'output');
    }
  }
}
