import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Lets the pods of a node count as so many processes when they want the CPU at the same time as others of this machine: by itself all that is
 * in a cgroup counts as one. Does nothing where the cgroup or its controller is not to be found.
 */
export async function weighCgroup(cgroup: string, processes: number): Promise<void> {
  const files = [
    [join('/sys/fs/cgroup/cpu', cgroup, 'cpu.shares'), 1_024 * processes],
    [join('/sys/fs/cgroup', cgroup, 'cpu.weight'), Math.min(10_000, 100 * processes)],
  ] as const;
  for (const [file, weight] of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) await writeFile(file, `${weight}`);
  }
}
