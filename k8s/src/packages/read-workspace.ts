import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../k8s.config.js';
import { publishedManifest, type WorkspaceManifest } from './published-manifest.js';
import { type PublishedPackage, publishedPackages } from './published-packages.js';

/** What there is of a published package before it is packed. */
export interface Workspace {
  readonly folder: string;
  /** The `package.json` of its tarball. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly name: string;
  /** Names of the packages that are there where it is: itself and what it depends on. */
  readonly installed: readonly string[];
  /** Where the compiler puts the declarations of each entry, below `folder`, as the workspace's own `exports` say. */
  readonly declarations: Readonly<Record<string, string>>;
}

/** Reads a published workspace. `address` is the web address of the repository, undefined where it is not known. */
export async function readWorkspace(
  { workspace, entries }: PublishedPackage,
  address: string | undefined,
): Promise<Workspace> {
  const own = await manifestOf(workspace);
  const published = await Promise.all(publishedPackages.map(async (each) => (await manifestOf(each.workspace)).name));
  const manifest = publishedManifest(own, { entries: Object.keys(entries), published, address, workspace });
  return {
    folder: join(repository, workspace),
    manifest,
    name: own.name,
    installed: [own.name, ...namesIn(manifest['dependencies']), ...namesIn(manifest['peerDependencies'])],
    declarations: Object.fromEntries(
      Object.entries(own.exports).map(([entry, { types }]) => [entry === '.' ? 'index' : entry.slice(2), types]),
    ),
  };
}

async function manifestOf(workspace: string): Promise<WorkspaceManifest> {
  return JSON.parse(await readFile(join(repository, workspace, 'package.json'), 'utf8')) as WorkspaceManifest;
}

function namesIn(wanted: unknown): readonly string[] {
  return Object.keys((wanted as Readonly<Record<string, string>> | undefined) ?? {});
}
