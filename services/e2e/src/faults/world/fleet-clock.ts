import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const wellKnown = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`);

/**
 * The clocks of a whole deployment, by libfaketime: every process reads its offset from a file of its own, so one can be
 * stepped while it runs. Only the time of day is changed; timers and timeouts keep running as they did.
 */
export class FleetClock {
  private constructor(
    private readonly library: string,
    private readonly directory: string,
    private readonly baseMs: number,
  ) {}

  /** Clocks by which this month ends in `monthEndsInMs`, or the reason why there are none. */
  static async open(directory: string, monthEndsInMs: number): Promise<FleetClock | { readonly unusable: string }> {
    const library = [process.env['FAKETIME_LIB'] ?? '', ...wellKnown].find((path) => path !== '' && existsSync(path));
    if (library === undefined)
      return { unusable: 'libfaketime is not installed (package libfaketime, or set FAKETIME_LIB)' };
    await mkdir(directory, { recursive: true });
    const now = new Date();
    const monthEnd = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    return new FleetClock(library, directory, monthEnd - monthEndsInMs - now.getTime());
  }

  /** Environment for processes whose clock is never stepped. */
  get fixed(): Readonly<Record<string, string>> {
    return { ...this.always, FAKETIME: offset(this.baseMs) };
  }

  /** Environment for a process of this name; its file is made. */
  async env(name: string): Promise<Readonly<Record<string, string>>> {
    await this.step(name, 0);
    return { ...this.always, FAKETIME_TIMESTAMP_FILE: this.file(name), FAKETIME_CACHE_DURATION: '1' };
  }

  /** Sets a process's clock `byMs` off the others; it follows within a second. 0 undoes it. */
  async step(name: string, byMs: number): Promise<void> {
    // In one go: a process that read half a file would be in another week.
    const draft = `${this.file(name)}.new`;
    await writeFile(draft, `${offset(this.baseMs + byMs)}\n`);
    await rename(draft, this.file(name));
  }

  private get always(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.library,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // With its default, waits on condition variables are off by up to a second: a write took 340 ms in place of 14.
      FAKETIME_FORCE_MONOTONIC_FIX: '0',
    };
  }

  private file(name: string): string {
    return join(this.directory, `${name}.offset`);
  }
}

function offset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1_000).toFixed(3)}`;
}
