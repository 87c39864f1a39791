import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { k8sEnvironment, repository } from '../k8s.config.js';

/**
 * What `run` answers for a program's arguments, kept in the folder that all processes of a run of tests share, so that the same is not
 * asked of the program again. Of arguments that name files or folders only what is in them counts, not where they are. What fails
 * is not kept; without such a folder nothing is.
 */
export async function keepForRun(
  program: string,
  args: readonly string[],
  run: () => Promise<string>,
): Promise<string> {
  const folder = k8sEnvironment().runDir;
  if (folder === undefined) return run();
  const file = join(folder, `kept-${digestOf(program, args)}`);
  if (existsSync(file)) return readFile(file, 'utf8');
  const answer = await run();
  const part = `${file}.${randomUUID()}`;
  await writeFile(part, answer);
  await rename(part, file);
  return answer;
}

function digestOf(program: string, args: readonly string[]): string {
  const digest = createHash('sha256').update(program);
  for (const arg of args) digest.update(existsSync(arg) ? `\0\0${contentsOf(arg)}` : `\0${arg}`);
  return digest.digest('hex');
}

/** Of what lies in the repository, where nothing changes while tests run. */
const known = new Map<string, string>();

function contentsOf(path: string): string {
  if (!path.startsWith(repository)) return contents(path);
  const found = known.get(path) ?? contents(path);
  known.set(path, found);
  return found;
}

/** Links are followed: a chart links to what it shares with others. */
function contents(path: string): string {
  if (!statSync(path).isDirectory()) return createHash('sha256').update(readFileSync(path)).digest('hex');
  const names = readdirSync(path).toSorted();
  return names.map((name) => `${name} ${contents(join(path, name))}`).join('\n');
}
