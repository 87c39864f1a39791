import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/**
 * The packages that a workspace needs at run time: what it declares as dependencies or peers, and what those do, as Node
 * finds them. Optional ones are left out, as with `npm ci --omit=optional`, and so are optional peers. Rejects when one that
 * is declared is not installed.
 *
 * @param root folder of the repository, with `node_modules`.
 * @param workspace folder of the workspace; its own place is the target itself.
 */
export async function packageClosure(root: string, workspace: string): Promise<readonly LaidPackage[]> {
  const laid = new Map<string, LaidPackage>();
  const visit = async (folder: string, place: string): Promise<void> => {
    if (laid.has(place)) return;
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageManifest;
    laid.set(place, { folder, place, manifest });
    for (const name of namesOf(manifest)) {
      const found = await find(name, folder, root);
      if (found === undefined) throw new Error(`${name}, which ${manifest.name} needs, is not installed`);
      await visit(found.folder, found.place);
    }
  };
  await visit(await realpath(workspace), '.');
  return [...laid.values()];
}

/** A package, where it is and where it goes. */
export interface LaidPackage {
  /** Absolute, no link. */
  readonly folder: string;
  /** Below the target: `node_modules/rxjs`, `node_modules/a/node_modules/b`; `.` is the workspace itself. */
  readonly place: string;
  readonly manifest: PackageManifest;
}

/** What is read of a package.json. */
export interface PackageManifest {
  readonly name: string;
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly main?: string;
  readonly module?: string;
  readonly exports?: unknown;
  readonly [field: string]: unknown;
}

function namesOf(manifest: PackageManifest): readonly string[] {
  const optional = (name: string): boolean => manifest.peerDependenciesMeta?.[name]?.optional === true;
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter((name) => !optional(name));
  const needed = Object.keys(manifest.dependencies ?? {}).filter(
    (name) => !(name in (manifest.optionalDependencies ?? {})),
  );
  return [...new Set([...needed, ...peers])].filter((name) => !name.startsWith('@types/'));
}

/** As Node does: `node_modules` of this folder, then of those above. Those of a workspace end at the root. */
async function find(
  name: string,
  from: string,
  root: string,
): Promise<{ readonly folder: string; readonly place: string } | undefined> {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    const real = await realpath(candidate).catch(() => undefined);
    if (real === undefined) continue;
    const place = relative(root, candidate);
    // A workspace with node_modules of its own goes where its link is: the packages there go with it.
    const at = place.startsWith(`node_modules${sep}`) ? place : join('node_modules', name);
    return { folder: real, place: at };
  }
  return undefined;
}
