import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runCommand } from '../run-command.js';

/** Names of the shared libraries `program` needs and would not find, given `folders` to look in besides the system's. */
export async function missingLibraries(program: string, folders: readonly string[]): Promise<readonly string[]> {
  return parseLdd(await runCommand('ldd', [program], { env: { LD_LIBRARY_PATH: folders.join(':') } }));
}

/** Reads the names from the "libx.so.1 => not found" lines of ldd. */
export function parseLdd(output: string): readonly string[] {
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] as string);
}

/** The folders below `root`, relative to it, that hold shared libraries. */
export async function libraryFolders(root: string): Promise<readonly string[]> {
  const files = await readdir(root, { recursive: true });
  return [...new Set(files.filter((path) => /\.so(\.\d+)*$/.test(path)).map((path) => dirname(path)))].toSorted();
}
