import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { keepsFile } from './keeps-file.js';
import { packageClosure } from './package-closure.js';

/**
 * Puts all that one workspace needs at run time into a folder, for an image: `lay-out-app.js WORKSPACE TARGET`. What the
 * workspace declares is there under `node_modules`, each package once for each place it is looked for, links as copies; what
 * no program reads (types, source maps, builds for browsers, documents, tests) is not.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const [workspace, target] = positionals;
if (workspace === undefined || target === undefined) throw new Error('usage: lay-out-app WORKSPACE TARGET');
const root = process.cwd();
const closure = await packageClosure(root, join(root, workspace));
for (const { folder, place, manifest } of closure) {
  const to = join(target, place);
  const keeps = keepsFile(manifest, { isOwn: !folder.includes('node_modules') });
  await mkdir(dirname(to), { recursive: true });
  await cp(folder, to, {
    recursive: true,
    dereference: true,
    filter: async (path) => path === folder || keeps(relative(folder, path), (await stat(path)).isDirectory()),
  });
}
// What the root says of modules: nothing. Each package says for itself whether it is ESM.
const { name, version, type } = JSON.parse(await readFile(join(root, workspace, 'package.json'), 'utf8')) as Record<
  string,
  string
>;
await writeFile(join(target, 'package.json'), `${JSON.stringify({ name, version, type })}\n`);
process.stdout.write(`${closure.length} packages of ${workspace} in ${target}\n`);
