import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Starts a stack as the README says, `make up DETACH=1`, in a folder of its own, so that one that runs already is left alone.
 * Resolves with the variables that pages may use: what `make env` prints, and PARLANCE_HOME.
 */
export async function startWalkStack(checkout: string, folder: string, signal: AbortSignal): Promise<WalkStack> {
  const parlanceDir = join(folder, 'parlance');
  await mkdir(parlanceDir);
  // Servers that were downloaded before.
  const cache = join(checkout, '.parlance', 'cache');
  await mkdir(cache, { recursive: true });
  await symlink(cache, join(parlanceDir, 'cache'));
  // What the make that runs this was told is not for those that pages run; and programs colour their words where `CI` is set.
  const own = { PARLANCE_DIR: parlanceDir, NO_COLOR: '1', CI: '', DETACH: '', ARGS: '', MAKEFLAGS: '', MAKELEVEL: '0' };
  const make = async (...args: readonly string[]): Promise<string> => {
    const run = promisify(execFile)('make', ['-s', ...args], {
      cwd: checkout,
      env: { ...process.env, ...own },
      signal,
    });
    return (await run).stdout;
  };
  await make('up', 'DETACH=1');
  const printed = [...(await make('env')).matchAll(/^export (\w+)=(?:'(.*)'|(\S*))$/gm)];
  const env = Object.fromEntries(printed.map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']));
  return {
    env: { ...own, ...env, PARLANCE_HOME: checkout },
    stop: async () => {
      await promisify(execFile)('make', ['-s', 'down'], { cwd: checkout, env: { ...process.env, ...own } });
    },
  };
}

/** A running stack. */
export interface WalkStack {
  /** For everything that pages run. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}
