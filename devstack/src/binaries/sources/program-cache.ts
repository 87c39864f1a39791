import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileLock } from '../../process/file-lock.js';
import type { InstallContext, InstalledProgram, PackageSource } from './package-source.js';

const MANIFEST = 'installed.json';
const LOCK_TIMEOUT_MS = 900_000;

/**
 * The project's own copy of one server program, in a folder that appears complete or not at all. Several processes may ask at
 * once: one installs, the others wait for it.
 */
export class ProgramCache {
  constructor(
    /** ".parlance/cache/mongod-linux-x64". */
    readonly folder: string,
  ) {}

  /** What is installed, with absolute paths; `undefined` when nothing is. */
  async read(): Promise<InstalledProgram | undefined> {
    try {
      const installed = JSON.parse(await readFile(join(this.folder, MANIFEST), 'utf8')) as InstalledProgram;
      return absolute(installed, this.folder);
    } catch {
      return undefined;
    }
  }

  /** Runs `work` while no other process installs the same program. */
  async exclusively<T>(context: InstallContext, work: () => Promise<T>): Promise<T> {
    const lock = await fileLock(`${this.folder}.lock`, LOCK_TIMEOUT_MS, ({ pid }) =>
      context.progress.step(`waiting for process ${pid}, which installs the same program`),
    );
    try {
      return await work();
    } finally {
      lock.release();
    }
  }

  /** Installs from one source, has `check` look at the result, and only then puts it in place. Nothing stays behind on failure. */
  async install<T>(
    source: PackageSource,
    context: InstallContext,
    check: (installed: InstalledProgram) => Promise<T>,
  ): Promise<void> {
    const staging = `${this.folder}.${randomUUID()}.tmp`;
    await mkdir(staging, { recursive: true });
    try {
      const installed = await source.install(staging, context);
      await check(absolute(installed, staging));
      await writeFile(join(staging, MANIFEST), `${JSON.stringify(installed, null, 2)}\n`);
      await rm(this.folder, { recursive: true, force: true });
      await rename(staging, this.folder);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
}

function absolute(installed: InstalledProgram, folder: string): InstalledProgram {
  return {
    ...installed,
    program: join(folder, installed.program),
    libraries: installed.libraries.map((path) => join(folder, path)),
  };
}
