import { dirname, join, relative, resolve } from 'node:path';
import { type OutputOptions, type RolldownOutput, rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

/**
 * Writes the programs and declarations of a package into one folder: each entry `name` as `name.js` and `name.cjs` with source
 * maps that hold the sources, and as `name.d.ts` and `name.d.cts`, in which the types of workspaces that are not published are
 * written out.
 *
 * @throws Error when what was written imports something that is not installed together with the package.
 */
export async function bundlePackage({ folder, entries, declarations, installed, into }: Bundle): Promise<void> {
  const external = (id: string): boolean => id.startsWith('node:') || installed.includes(packageOf(id));
  // The syntax of the oldest Node and browsers that the packages' README.md name.
  const programs = await rolldown({
    input: within(folder, entries),
    external,
    tsconfig: false,
    transform: { target: 'es2022' },
  });
  // Declarations come from the compiler and are only put together here: the generator has nothing to do.
  const plugins = [dts({ dtsOnly: true, generator: 'oxc', tsconfig: false })];
  const types = await rolldown({ input: within(folder, declarations), external, plugins });
  // In the maps sources stand where they stand in the workspace, wherever that is and wherever this writes to.
  const mapped: OutputOptions = {
    dir: into,
    sourcemap: true,
    sourcemapPathTransform: (source, map) => join('..', relative(folder, resolve(dirname(map), source))),
  };
  const outputs = [
    await programs.write({ ...mapped, format: 'esm', entryFileNames: '[name].js' }),
    await programs.write({ ...mapped, format: 'cjs', entryFileNames: '[name].cjs' }),
    await types.write({ dir: into, format: 'esm', entryFileNames: '[name].ts' }),
    await types.write({ dir: into, format: 'esm', entryFileNames: '[name].cts' }),
  ];
  const strangers = outputs.flatMap(importsOf).filter((id) => !external(id) && !id.startsWith('.'));
  if (strangers.length > 0) throw new Error(`${folder} imports what is not installed with it: ${strangers.join(', ')}`);
}

/** See {@link bundlePackage}. */
export interface Bundle {
  readonly folder: string;
  /** Source of each entry by its name, below `folder`. */
  readonly entries: Readonly<Record<string, string>>;
  /** What the compiler has made of the same: declarations, below `folder`. */
  readonly declarations: Readonly<Record<string, string>>;
  /** Names of the packages that are there where this one is: itself and what it depends on. */
  readonly installed: readonly string[];
  readonly into: string;
}

function within(folder: string, paths: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, join(folder, path)]));
}

/** `@scope/name/entry` is of `@scope/name`. */
function packageOf(id: string): string {
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/');
}

function importsOf({ output }: RolldownOutput): readonly string[] {
  return output.flatMap((file) => (file.type === 'chunk' ? [...file.imports, ...file.dynamicImports] : []));
}
