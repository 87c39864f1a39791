import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The most that all pods of nodes whose cgroups begin so have held at a time, by these cgroups, version 1 or 2; the parts of Kubernetes itself are not counted. */
export async function cgroupMemory(prefix: string): Promise<number | undefined> {
  let sum = 0;
  for (const [root, file] of [
    ['/sys/fs/cgroup/memory', 'memory.max_usage_in_bytes'],
    ['/sys/fs/cgroup', 'memory.peak'],
  ] as const) {
    const groups = (await readdir(root).catch(() => [])).filter((name) => name.startsWith(prefix));
    for (const name of groups) sum += Number(await readFile(join(root, name, file), 'utf8').catch(() => 0));
    if (sum > 0) break;
  }
  return sum > 0 ? Math.round(sum / 1_048_576) : undefined;
}
