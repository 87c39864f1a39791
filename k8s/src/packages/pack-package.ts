import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../k8s.config.js';
import { bundlePackage } from './bundle-package.js';
import { publishedManifest, type WorkspaceManifest } from './published-manifest.js';
import type { PublishedPackage } from './published-packages.js';

/**
 * Makes the tarball of one package in the folder `into`, in place of one of the same version: what it holds is made anew in a
 * folder of its own, so nothing of the workspace is changed. The same sources give the same bytes. Needs a build.
 */
export async function packPackage(
  { workspace, entries }: PublishedPackage,
  { published, address, into }: PackContext,
): Promise<PackedPackage> {
  const folder = join(repository, workspace);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as WorkspaceManifest;
  const stage = await mkdtemp(join(tmpdir(), 'parlance-pack-'));
  try {
    const written = publishedManifest(manifest, { entries: Object.keys(entries), published, address, workspace });
    await bundlePackage({
      folder,
      entries,
      declarations: declarationsOf(manifest),
      installed: [manifest.name, ...namesIn(written['dependencies']), ...namesIn(written['peerDependencies'])],
      into: join(stage, 'dist'),
    });
    await writeFile(join(stage, 'package.json'), `${JSON.stringify(written, undefined, 2)}\n`);
    await copyFile(join(folder, 'README.md'), join(stage, 'README.md'));
    for (const name of ['LICENSE', 'NOTICE']) await copyFile(join(repository, name), join(stage, name));
    await mkdir(into, { recursive: true });
    return await npmPack(stage, into);
  } finally {
    await rm(stage, { recursive: true });
  }
}

/** See {@link packPackage}. */
export interface PackContext {
  /** Names of all packages that are published. */
  readonly published: readonly string[];
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
  /** Paths in it, in the order of the alphabet. */
  readonly files: readonly string[];
}

/** Where the compiler puts the declarations of each entry, as the workspace's own `exports` say. */
function declarationsOf({ exports }: WorkspaceManifest): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(exports).map(([entry, { types }]) => [entry === '.' ? 'index' : entry.slice(2), types]),
  );
}

function namesIn(wanted: unknown): readonly string[] {
  return Object.keys((wanted as Readonly<Record<string, string>> | undefined) ?? {});
}

/** `npm pack` gives every file the same time, so that the bytes depend on the contents alone. */
async function npmPack(stage: string, into: string): Promise<PackedPackage> {
  const options = { cwd: stage, maxBuffer: 16 * 1024 * 1024, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', into],
    options,
  );
  const [report] = JSON.parse(stdout) as readonly NpmPackReport[];
  if (report === undefined) throw new Error('npm pack has not said what it packed');
  const { name, version, filename, size, unpackedSize, files } = report;
  const paths = files.map(({ path }) => path).toSorted();
  return { name, version, path: join(into, filename), size, unpackedSize, files: paths };
}

interface NpmPackReport {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}
