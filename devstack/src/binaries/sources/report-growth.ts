import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../../progress.js';

/**
 * Runs `work`, which lets another program download into `folder`, and reports twice a second how much has arrived: pip and apt
 * tell nothing when they do not write to a terminal. `totalBytes` is asked each time, for it is often known only later.
 */
export async function reportGrowth<T>(
  folder: string,
  text: string,
  progress: Progress,
  totalBytes: () => number | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const before = sizeOf(folder);
  const report = (): void => {
    const total = totalBytes();
    const grown = sizeOf(folder) - before;
    progress.step(
      text,
      total === undefined ? { doneBytes: grown } : { doneBytes: Math.min(grown, total), totalBytes: total },
    );
  };
  progress.step(text);
  const timer = setInterval(report, 500);
  try {
    const result = await work();
    report();
    return result;
  } finally {
    clearInterval(timer);
  }
}

/** Bytes in all files below `folder`; files that vanish meanwhile count nothing. */
export function sizeOf(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce(
        (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
  } catch {
    return 0;
  }
}
