import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Charts of the product, by the names of their folders in `charts`. */
export const productCharts = ['mongodb-sharded', 'parlance', 'redis-cluster'] as const;

/** Every file that states the product's version, by its path below the repository, with its text. */
export async function productFiles(repository: string): Promise<ReadonlyMap<string, string>> {
  const read = (path: string): Promise<string> => readFile(join(repository, path), 'utf8');
  const { workspaces } = JSON.parse(await read('package.json')) as { readonly workspaces: readonly string[] };
  const paths = [
    'package.json',
    'package-lock.json',
    ...workspaces.map((workspace) => `${workspace}/package.json`),
    ...productCharts.map((chart) => `charts/${chart}/Chart.yaml`),
  ];
  return new Map(await Promise.all(paths.map(async (path) => [path, await read(path)] as const)));
}
