import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * All that stands in the log files of a folder and of those in it.
 * @throws those of the file system.
 */
export async function readLogs(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter(({ name }) => name.endsWith('.log')).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).join('\n');
}
