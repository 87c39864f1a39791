import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../k8s.config.js';
import { packPackage } from './pack-package.js';
import { publishedPackages } from './published-packages.js';

/**
 * `make pack`: makes the tarballs of all packages that are published, in `dist/pack` or `--into DIR`, and prints each with its
 * size. `--address URL` is the repository's, which the packages then name. Ends with 1 and the reason when one cannot be made,
 * with 2 when the command line is wrong.
 */
try {
  const { values } = parseArgs({ options: { into: { type: 'string' }, address: { type: 'string' } } });
  await pack(resolve(values.into ?? join(repository, 'dist/pack')), values.address);
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = thrown instanceof TypeError && 'code' in thrown ? 2 : 1;
}

async function pack(into: string, address: string | undefined): Promise<void> {
  const published = await Promise.all(publishedPackages.map(({ workspace }) => nameOf(workspace)));
  for (const each of publishedPackages) {
    const { name, version, path, size, unpackedSize, files } = await packPackage(each, { published, address, into });
    const bytes = `${kilobytes(size)} (${kilobytes(unpackedSize)} in ${files.length} files)`;
    process.stdout.write(`${relative(process.cwd(), path)}  ${name}@${version}  ${bytes}\n`);
  }
}

async function nameOf(workspace: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(repository, workspace, 'package.json'), 'utf8')) as { name: string };
  return manifest.name;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1_000)} kB`;
}
