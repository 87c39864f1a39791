import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** The log of one supervised process: opened for each run, quoted from when something goes wrong. */
export class LogFile {
  private fd: number | undefined;
  private startOfRun = 0;

  constructor(private readonly path: string) {}

  /** Opens it for a run and returns the descriptor. `fresh`: keep what an earlier process wrote as `*.previous.log` and begin anew. */
  open(fresh: boolean): number {
    this.close();
    mkdirSync(dirname(this.path), { recursive: true });
    if (fresh && existsSync(this.path)) renameSync(this.path, previousLog(this.path));
    this.fd = openSync(this.path, 'a');
    this.startOfRun = fstatSync(this.fd).size;
    return this.fd;
  }

  /** Appends one line. */
  write(line: string): void {
    if (this.fd !== undefined) writeSync(this.fd, `${line}\n`);
  }

  /** Gives the descriptor back; a child that got it keeps its own. */
  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }

  /** The last `count` lines of the current run, from at most its last 64 KiB. */
  lastLines(count: number): readonly string[] {
    return lastLinesOf(this.path, count, this.startOfRun);
  }

  /** The last lines as an appendix to an error message. */
  quote(): string {
    const lines = this.lastLines(12).map((line) => `  | ${line.length > 400 ? `${line.slice(0, 400)} ...` : line}`);
    return lines.length === 0
      ? ` (it logged nothing to ${this.path})`
      : `; the end of ${this.path}:\n${lines.join('\n')}`;
  }
}

/** Where the log of the run before is kept: `mongo-1.log` -> `mongo-1.previous.log`. */
function previousLog(path: string): string {
  return path.replace(/(\.log)?$/, '.previous.log');
}

/** The last `count` lines of a file, looking at no more than its last 64 KiB and nothing before `from`. Empty when there is no file. */
export function lastLinesOf(path: string, count: number, from = 0): readonly string[] {
  if (!existsSync(path)) return [];
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const start = Math.max(from, size - 64 * 1024);
    if (start >= size) return [];
    const buffer = Buffer.alloc(size - start);
    const read = readSync(fd, buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8', 0, read).split('\n');
    return lines.filter((line) => line.trim() !== '').slice(-count);
  } finally {
    closeSync(fd);
  }
}
