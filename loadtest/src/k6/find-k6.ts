import { execFile } from 'node:child_process';
import { access, constants, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadtestConfig } from './loadtest.config.ts';
import { newestPackedK6 } from './newest-packed-k6.ts';

/**
 * Finds k6: `K6_BIN`, PATH, the project's cache, then a packed one in the folder of prebuilt tools, which is unpacked into
 * the cache. `undefined` when there is none. Throws when `K6_BIN` names something that cannot be run: a wish that is not
 * met is an error, not a reason to take another one.
 */
export async function findK6(places: K6Places): Promise<string | undefined> {
  if (places.k6Bin !== undefined) {
    if (await isExecutable(places.k6Bin)) return places.k6Bin;
    throw new Error(`K6_BIN names ${places.k6Bin}, which is no program`);
  }
  const cached = join(places.cacheDir, 'k6', 'k6');
  for (const candidate of [...places.searchPath.map((folder) => join(folder, 'k6')), cached]) {
    if (await isExecutable(candidate)) return candidate;
  }
  if (places.prebuiltToolsDir === undefined) return undefined;
  const names = await readdir(places.prebuiltToolsDir).catch(() => []);
  const packed = newestPackedK6(names, process.platform, process.arch);
  if (packed === undefined) return undefined;
  await unpack(join(places.prebuiltToolsDir, packed), join(places.cacheDir, 'k6'));
  return cached;
}

/** Where {@link findK6} looks. */
export type K6Places = Pick<LoadtestConfig, 'k6Bin' | 'searchPath' | 'cacheDir' | 'prebuiltToolsDir'>;

/** What to tell somebody who has no k6. */
export const howToGetK6 =
  'k6 was not found. Install it (https://grafana.com/docs/k6/latest/set-up/install-k6/), or with Go: ' +
  '"go install go.k6.io/k6@v1.8.1"; then put it on the PATH or name it with K6_BIN=/path/to/k6.';

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Unpacks beside the place and moves, so that nobody ever finds half a program. */
async function unpack(archive: string, folder: string): Promise<void> {
  const partial = join(folder, `k6.${process.pid}.partial`);
  await mkdir(folder, { recursive: true });
  try {
    await promisify(execFile)('sh', ['-c', 'xz -dc -- "$1" >"$2" && chmod 755 "$2"', 'unpack', archive, partial]);
    await rename(partial, join(folder, 'k6'));
  } finally {
    await rm(partial, { force: true });
  }
}
