import { execFile } from 'node:child_process';
import { copyFile, cp, glob, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../k8s.config.js';
import { bundleDeclarations } from './bundle-declarations.js';
import { bundlePrograms } from './bundle-programs.js';
import type { PublishedPackage } from './published-packages.js';
import { readWorkspace } from './read-workspace.js';
import { sizeInBrowser } from './size-in-browser.js';

/**
 * Makes the tarball of one package in the folder `into`, in place of those that were made before: whoever reads there meanwhile
 * finds the old one or the new one. What it holds is made in a folder of its own, so nothing of the workspace is changed. The same
 * sources give the same bytes. Needs a build.
 *
 * @throws Error when it is larger in a browser than {@link PublishedPackage.browserLimit} allows, or imports what is not installed
 * with it.
 */
export async function packPackage(published: PublishedPackage, { address, into }: PackContext): Promise<PackedPackage> {
  const { folder, manifest, name, installed, declarations } = await readWorkspace(published, address);
  await mkdir(into, { recursive: true });
  // Beside where the tarball goes, so that it gets there by its name alone.
  const stage = await mkdtemp(join(into, '.pack-'));
  try {
    const dist = join(stage, 'dist');
    await bundlePrograms({ folder, entries: published.entries, installed, into: dist });
    await bundleDeclarations({ folder, entries: declarations, installed, into: dist });
    const browserBytes = await sizeInBrowser(dist);
    if (browserBytes > published.browserLimit) {
      throw new Error(
        `${name} has ${browserBytes} bytes in a browser, and at most ${published.browserLimit} are allowed`,
      );
    }
    await writeFile(join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    await copyFile(join(folder, 'README.md'), join(stage, 'README.md'));
    await cp(join(folder, 'docs'), join(stage, 'docs'), { recursive: true });
    for (const file of ['LICENSE', 'NOTICE']) await copyFile(join(repository, file), join(stage, file));
    const packed = await npmPack(stage);
    await rename(join(stage, packed.filename), join(into, packed.filename));
    for await (const old of glob(`${packed.filename.slice(0, -`${packed.version}.tgz`.length)}*.tgz`, { cwd: into })) {
      if (old !== packed.filename) await rm(join(into, old), { force: true });
    }
    const { filename, entryCount, ...figures } = packed;
    return { ...figures, path: join(into, filename), fileCount: entryCount, browserBytes };
  } finally {
    await rm(stage, { recursive: true });
  }
}

/** See {@link packPackage}. */
export interface PackContext {
  /** Web address of the repository, which the package then names; undefined where it is not known. */
  readonly address: string | undefined;
  readonly into: string;
}

/** A tarball, and what is in it. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Bytes of what is in it. */
  readonly unpackedSize: number;
  /** What it adds to a page, see `sizeInBrowser`. */
  readonly browserBytes: number;
  readonly fileCount: number;
}

/** `npm pack` gives every file the same time, so that the bytes depend on the contents alone. The tarball is left in the folder. */
async function npmPack(stage: string): Promise<NpmPackReport> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--json', '--ignore-scripts'], {
    cwd: stage,
    timeout: 300_000,
  });
  const [report] = JSON.parse(stdout) as readonly NpmPackReport[];
  if (report === undefined) throw new Error('npm pack has not said what it packed');
  const { name, version, filename, size, unpackedSize, entryCount } = report;
  return { name, version, filename, size, unpackedSize, entryCount };
}

interface NpmPackReport {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
}
