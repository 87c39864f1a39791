import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { repository } from '../k8s.config.js';
import { bundleDeclarations } from './bundle-declarations.js';
import { publishedPackages } from './published-packages.js';
import { readWorkspace } from './read-workspace.js';
import { referenceOf } from './reference-of.js';
import { writtenOutLists } from './written-out-lists.js';

/**
 * Writes `docs/reference.md` of every package that is published, made of the declarations that are in its tarball. Needs a build.
 * Ends with 1 and the reason when something that the package exports has no comment.
 */
for (const published of publishedPackages) {
  const { folder, name, installed, declarations } = await readWorkspace(published, undefined);
  // Within the workspace, so that the types of what it depends on are found.
  const stage = await mkdtemp(join(folder, 'dist/reference-'));
  try {
    await bundleDeclarations({ folder, entries: declarations, installed, into: stage });
    for await (const file of glob('*.d.ts', { cwd: stage })) {
      await writeFile(join(stage, file), writtenOutLists(await readFile(join(stage, file), 'utf8')));
    }
    const page = await referenceOf({ name, folder: stage, entries: Object.keys(declarations) });
    await mkdir(join(folder, 'docs'), { recursive: true });
    await writeFile(join(folder, 'docs/reference.md'), page);
    process.stdout.write(`${relative(repository, join(folder, 'docs/reference.md'))}\n`);
  } catch (thrown) {
    process.stderr.write(`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
    process.exitCode = 1;
  } finally {
    await rm(stage, { recursive: true });
  }
}
