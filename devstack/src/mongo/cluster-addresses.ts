import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isPortFree } from '../ports/free-ports.js';

/**
 * The ports of a sharded cluster's servers, by name. They belong to its data: the servers know each other by address, and it
 * cannot be changed from outside. So the ports of a new cluster are written down beside its data, and an old one gets its
 * own again, whatever `choose` would say.
 */
export async function clusterAddresses(
  dataDir: string,
  names: readonly string[],
  choose: () => Promise<readonly number[]>,
): Promise<ReadonlyMap<string, number>> {
  const file = join(dataDir, 'cluster.json');
  const stored = await readFile(file, 'utf8').catch(() => undefined);
  if (stored !== undefined) {
    const ports = matching(JSON.parse(stored) as Record<string, number>, names, dataDir);
    await demandFree(ports, dataDir);
    return ports;
  }
  const ports = await choose();
  const chosen = Object.fromEntries(names.map((name, index) => [name, ports[index] as number]));
  await mkdir(dataDir, { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(chosen, null, 2)}\n`);
  await rename(`${file}.new`, file);
  return new Map(Object.entries(chosen));
}

async function demandFree(ports: ReadonlyMap<string, number>, dataDir: string): Promise<void> {
  for (const [name, port] of ports) {
    if (await isPortFree(port)) continue;
    throw new Error(
      `${name} cannot start: the sharded cluster in ${dataDir} was made on port ${port}, which another program has taken. Stop that program, or remove the data.`,
    );
  }
}

function matching(
  stored: Readonly<Record<string, number>>,
  names: readonly string[],
  dataDir: string,
): ReadonlyMap<string, number> {
  const kept = Object.keys(stored);
  if (kept.toSorted().join() !== names.toSorted().join()) {
    throw new Error(
      `the sharded cluster in ${dataDir} has the servers ${kept.join(', ')}, not ${names.join(', ')}. Start it as it was, or remove the data.`,
    );
  }
  return new Map(Object.entries(stored));
}
