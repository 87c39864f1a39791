import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whose modules a bundle holds beside its own. */
const libraries = ['proto', 'services/libs/runtime', 'services/libs/storage'];

/**
 * What Node is given to run a workspace of a checkout: its bundle, which starts with half of the CPU and is what an image runs;
 * or its modules one by one, where they were built after the bundle or without one. Nothing is said about whether it exists.
 */
export function programEntry(repositoryRoot: string, workspace: string): string {
  const bundle = join(repositoryRoot, workspace, 'dist-bundle', 'main.js');
  const bundledMs = changedMs(bundle);
  const isNewest = [workspace, ...libraries].every(
    (each) => changedMs(join(repositoryRoot, each, 'dist', '.tsbuildinfo')) <= bundledMs,
  );
  return existsSync(bundle) && isNewest ? bundle : join(repositoryRoot, workspace, 'dist', 'main.js');
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
