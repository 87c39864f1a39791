import type { PackageManifest } from './package-closure.js';

/** At the top of a package, names of what is not run. Deeper they may be code: `yaml/dist/doc` is. */
const foldersLeftOut = new Set(['__tests__', 'test', 'tests', 'docs', 'doc', 'example', 'examples', 'benchmark']);
const ownFoldersLeftOut = new Set(['src', 'src-server', 'test', 'public']);

/**
 * Decides which files of a package an image keeps: a predicate over paths below the package. Pure.
 *
 * Left out is what Node never reads: types, sources of types and maps; documents; tests; and builds that `package.json` offers
 * to browsers, bundlers and other hosts only. Of the product's own packages (`isOwn`) also sources and configuration.
 */
export function keepsFile(
  manifest: PackageManifest,
  { isOwn }: { readonly isOwn: boolean },
): (path: string, isFolder: boolean) => boolean {
  const foreign = foreignFolders(manifest);
  return (path, isFolder) => {
    const parts = path.split(/[\\/]/);
    const name = parts.at(-1) ?? '';
    if (name === 'node_modules' || name.startsWith('.')) return false;
    if (isFolder) {
      const leftOut = isOwn ? ownFoldersLeftOut : foldersLeftOut;
      return !(parts.length === 1 && leftOut.has(name)) && !foreign.has(parts.join('/'));
    }
    if (isOwn && parts.length === 1 && name !== 'package.json') return false;
    return !/\.(?:map|md|markdown|[cm]?tsx?|tsbuildinfo|flow|coffee)$|\.spec\.js$/i.test(name);
  };
}

/** Hosts that Node is. */
const conditions = new Set(['node', 'import', 'require', 'default', 'module-sync', 'node-addons']);

/** Folders, two levels deep at most, that are offered to others than Node and hold nothing that is offered to Node. */
function foreignFolders(manifest: PackageManifest): ReadonlySet<string> {
  const used = new Set<string>();
  const others = new Set<string>();
  const add = (to: Set<string>, target: unknown): void => {
    if (typeof target === 'string') to.add(folderOf(target));
  };
  add(used, manifest.main ?? 'index.js');
  for (const field of [
    'module',
    'esnext',
    'es2015',
    'fesm2015',
    'unpkg',
    'types',
    'typings',
    'jsnext:main',
    'react-native',
  ]) {
    add(others, manifest[field]);
  }
  if (typeof manifest['browser'] === 'string') add(others, manifest['browser']);
  sortTargets(manifest.exports, true, used, others);
  const isNeeded = (folder: string): boolean =>
    folder === '' ||
    [...used].some((each) => each === folder || each.startsWith(`${folder}/`) || folder.startsWith(`${each}/`));
  return new Set([...others].filter((folder) => !isNeeded(folder)));
}

/** Of conditions the first that fits is taken by Node; the rest is for others. */
function sortTargets(target: unknown, isNodes: boolean, used: Set<string>, others: Set<string>): void {
  if (typeof target === 'string') void (isNodes ? used : others).add(folderOf(target));
  if (Array.isArray(target)) for (const each of target) sortTargets(each, isNodes, used, others);
  if (typeof target !== 'object' || target === null || Array.isArray(target)) return;
  let isOpen = true;
  for (const [name, inner] of Object.entries(target)) {
    if (name.startsWith('.')) {
      sortTargets(inner, isNodes, used, others);
      continue;
    }
    sortTargets(inner, isNodes && isOpen && conditions.has(name), used, others);
    // After `node` or `default` nothing else is looked at.
    if (name === 'node' || name === 'default') isOpen = false;
  }
}

function folderOf(target: string): string {
  const parts = target.replace(/^\.\//, '').split('/').slice(0, -1);
  return parts
    .slice(0, 2)
    .filter((part) => !part.includes('*'))
    .join('/');
}
