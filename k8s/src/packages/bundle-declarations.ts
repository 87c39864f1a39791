import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import type { Bundle } from './bundle-programs.js';
import { isInstalled, refuseStrangers } from './installed-imports.js';

/**
 * Writes the declarations of a package into one folder: each entry `name` as `name.d.ts` and `name.d.cts`, in which the types of
 * workspaces that are not published are written out. The entries are what the compiler has made; nothing is compiled here.
 *
 * @throws Error when they import something that is not installed together with the package.
 */
export async function bundleDeclarations({ folder, entries, installed, into }: Bundle): Promise<void> {
  const types = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(folder, path)])),
    external: (id) => isInstalled(id, installed),
    // Named, so that the plugin starts no compiler: with `dtsOnly` it has nothing to generate.
    plugins: [dts({ dtsOnly: true, generator: 'oxc', tsconfig: false })],
  });
  const outputs = [
    await types.write({ dir: into, format: 'esm', entryFileNames: '[name].ts' }),
    await types.write({ dir: into, format: 'esm', entryFileNames: '[name].cts' }),
  ];
  refuseStrangers(outputs, installed);
}
