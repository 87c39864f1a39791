import { execFile, spawnSync } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Size of the disk for archives, mebibytes; an archived message takes about 60 bytes. */
const sizeMiB = 96;

/** Where a run archives: a small disk of its own, so that it can be filled; else a folder. */
export class ArchiveTarget implements AsyncDisposable {
  private readonly unmount = (): void => void spawnSync('umount', ['-l', this.path]);

  private constructor(
    readonly path: string,
    /** Why it is no disk of its own; undefined when it is one. */
    readonly unfillable: string | undefined,
  ) {}

  /** Mounts it in a folder, where this process may. */
  static async open(directory: string): Promise<ArchiveTarget> {
    const path = join(directory, 'archive');
    await mkdir(path, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'parlance-tiers', path]);
      const target = new ArchiveTarget(path, undefined);
      // An interrupted run must not leave it behind.
      process.once('exit', target.unmount);
      return target;
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message.trim() : String(thrown);
      return new ArchiveTarget(path, `no small disk can be mounted here: ${text.replaceAll(/\s+/g, ' ')}`);
    }
  }

  private get ballast(): string {
    return join(this.path, 'ballast');
  }

  /** Writes until the disk is full but for less than a page. */
  async fill(): Promise<void> {
    const file = await open(this.ballast, 'w');
    try {
      for (let bytes = 1_048_576; bytes >= 512; ) {
        const { bytesWritten } = await file.write(Buffer.alloc(bytes)).catch(atEnd);
        if (bytesWritten < bytes) bytes /= 2;
      }
    } finally {
      await file.close();
    }
  }

  async release(): Promise<void> {
    await rm(this.ballast, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.unfillable !== undefined) return;
    process.removeListener('exit', this.unmount);
    this.unmount();
  }
}

function atEnd(thrown: unknown): { readonly bytesWritten: number } {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC') return { bytesWritten: 0 };
  throw thrown;
}
