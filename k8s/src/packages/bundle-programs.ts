import { dirname, join, relative, resolve } from 'node:path';
import { type OutputOptions, rolldown } from 'rolldown';
import { isInstalled, refuseStrangers } from './installed-imports.js';

/**
 * Writes the programs of a package into one folder: each entry `name` as `name.js` and `name.cjs`, with source maps that hold the
 * sources.
 *
 * @throws Error when they import something that is not installed together with the package.
 */
export async function bundlePrograms({ folder, entries, installed, into }: Bundle): Promise<void> {
  const programs = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(folder, path)])),
    external: (id) => isInstalled(id, installed),
    tsconfig: false,
    // The syntax of the oldest Node and browsers that the packages' README.md name.
    transform: { target: 'es2022' },
  });
  // In the maps sources stand where they stand in the workspace, wherever that is and wherever this writes to.
  const mapped: OutputOptions = {
    dir: into,
    sourcemap: true,
    sourcemapPathTransform: (source, map) => join('..', relative(folder, resolve(dirname(map), source))),
  };
  const outputs = [
    await programs.write({ ...mapped, format: 'esm', entryFileNames: '[name].js' }),
    await programs.write({ ...mapped, format: 'cjs', entryFileNames: '[name].cjs' }),
  ];
  refuseStrangers(outputs, installed);
}

/** What a package is made of, and where it goes. */
export interface Bundle {
  readonly folder: string;
  /** Path below `folder` of each entry, by its name. */
  readonly entries: Readonly<Record<string, string>>;
  /** Names of the packages that are there where this one is: itself and what it depends on. */
  readonly installed: readonly string[];
  readonly into: string;
}
