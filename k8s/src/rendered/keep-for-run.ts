import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { k8sEnvironment } from '../k8s.config.js';

/**
 * What `run` answers for a program's arguments, kept in the folder that all processes of a run of tests share, so that the same is not
 * asked of the program again. Arguments that name files or folders count with what is in them. What fails is not kept; without
 * such a folder nothing is.
 */
export async function keepForRun(
  program: string,
  args: readonly string[],
  run: () => Promise<string>,
): Promise<string> {
  const folder = k8sEnvironment().runDir;
  if (folder === undefined) return run();
  const file = join(folder, `kept-${await digestOf(program, args)}`);
  if (existsSync(file)) return readFile(file, 'utf8');
  const answer = await run();
  const part = `${file}.${randomUUID()}`;
  await writeFile(part, answer);
  await rename(part, file);
  return answer;
}

async function digestOf(program: string, args: readonly string[]): Promise<string> {
  const digest = createHash('sha256').update(program);
  for (const arg of args) digest.update(`\0${arg}`).update(existsSync(arg) ? await contents(arg) : '');
  return digest.digest('hex');
}

/** Links are followed: a chart links to what it shares with others. */
async function contents(path: string): Promise<string> {
  if (!(await stat(path)).isDirectory())
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  const names = (await readdir(path)).toSorted();
  const parts = await Promise.all(names.map(async (name) => `${name} ${await contents(join(path, name))}`));
  return parts.join('\n');
}
