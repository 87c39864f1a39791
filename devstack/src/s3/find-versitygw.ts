import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isExecutable } from '../binaries/is-executable.js';
import { runCommand } from '../binaries/run-command.js';
import { type Locations, loadLocations } from '../locations.config.js';

/**
 * Finds versitygw, a real S3 server over a folder: `VERSITYGW_BIN`, PATH, the project's cache, then one packed with xz in
 * `PARLANCE_TOOLS_DIR`, which is unpacked into the cache. `undefined` when there is none: it is needed for tests of S3
 * alone, and those say so. Throws when `VERSITYGW_BIN` names something that cannot be run.
 */
export async function findVersitygw(locations: Locations = loadLocations()): Promise<string | undefined> {
  const { versitygwBin, searchPath, cacheDir, prebuiltToolsDir } = locations;
  if (versitygwBin !== undefined) {
    if (await isExecutable(versitygwBin)) return versitygwBin;
    throw new Error(`VERSITYGW_BIN names ${versitygwBin}, which is no program`);
  }
  const cached = join(cacheDir, 'versitygw', 'versitygw');
  for (const candidate of [...searchPath.map((folder) => join(folder, 'versitygw')), cached]) {
    if (await isExecutable(candidate)) return candidate;
  }
  if (prebuiltToolsDir === undefined) return undefined;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const packed = (await readdir(prebuiltToolsDir).catch(() => []))
    .filter((name) => name.startsWith('versitygw') && name.endsWith(`-${process.platform}-${architecture}.xz`))
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
  if (packed === undefined) return undefined;
  await unpack(join(prebuiltToolsDir, packed), join(cacheDir, 'versitygw'));
  return cached;
}

/** What to tell somebody who has no versitygw. */
export const howToGetVersitygw =
  'versitygw, a real S3 server, was not found. Install it with Go: "go install github.com/versity/versitygw/cmd/versitygw@latest"; ' +
  'then put it on the PATH or name it with VERSITYGW_BIN=/path/to/versitygw.';

/** Unpacks beside the place and moves, so that nobody ever finds half a program. */
async function unpack(archive: string, folder: string): Promise<void> {
  const partial = join(folder, `versitygw.${process.pid}.partial`);
  await mkdir(folder, { recursive: true });
  try {
    await runCommand('sh', ['-c', 'xz -dc -- "$1" >"$2" && chmod 755 "$2"', 'unpack', archive, partial]);
    await rename(partial, join(folder, 'versitygw'));
  } finally {
    await rm(partial, { force: true });
  }
}
