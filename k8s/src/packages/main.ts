import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../k8s.config.js';
import { packPackage } from './pack-package.js';
import { publishedPackages } from './published-packages.js';

/**
 * `make pack`: makes the tarballs of all packages that are published, in `dist/pack` or `--into DIR`, and prints each with its
 * sizes. `--address URL` is the repository's, which the packages then name. Ends with 1 and the reason when one cannot be made or
 * is larger than it may be, with 2 when the command line is wrong.
 */
try {
  const { values } = parseArgs({ options: { into: { type: 'string' }, address: { type: 'string' } } });
  const into = resolve(values.into ?? join(repository, 'dist/pack'));
  for (const each of publishedPackages) {
    const packed = await packPackage(each, { address: values.address, into });
    process.stdout.write(
      `${relative(process.cwd(), packed.path)}  ${packed.name}@${packed.version}  ${kilobytes(packed.size)}, ` +
        `${packed.fileCount} files of ${kilobytes(packed.unpackedSize)}; ` +
        `in a browser ${kilobytes(packed.browserBytes)} of at most ${kilobytes(each.browserLimit)}\n`,
    );
  }
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = thrown instanceof TypeError && 'code' in thrown ? 2 : 1;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
