import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Lets a program of an image run for a moment, so that Node leaves in a folder what it has compiled: `fill-compile-cache.js CACHE
 * ENTRY [ARGUMENT ...]`, as root, once for each way to begin it. Every start of the image reads the folder (NODE_COMPILE_CACHE): Node
 * takes only what the same Node, the same options and the same user have compiled, so the program runs as the image does. Afterwards
 * the files are root's and nobody's to write, as the rest of the image.
 *
 * The program is not given what it needs to run and may end as it likes; one that does not end is told to, after two seconds and, where it
 * has left nothing by then, after longer and longer. Fails when nothing was compiled within five minutes.
 */
const [cache, ...command] = process.argv.slice(2);
if (cache === undefined || command.length === 0)
  throw new Error('usage: fill-compile-cache CACHE ENTRY [ARGUMENT ...]');

/** Of every image here. */
const user = 65_532;
const patiences = [2_000, 10_000, 60_000, 300_000];

await mkdir(cache, { recursive: true });
const before = await handOver(user);
let compiled = 0;
for (const patienceMs of patiences) {
  await run(patienceMs);
  compiled = (await handOver(user)) - before;
  if (compiled > 0) break;
}
if (compiled === 0) throw new Error(`${command.join(' ')} left nothing in ${cache}`);
await handOver(0);
process.stdout.write(`${compiled} compiled modules of ${command.join(' ')} in ${cache}\n`);

async function run(timeout: number): Promise<void> {
  const child = spawn(process.execPath, command, {
    uid: user,
    gid: user,
    env: { NODE_ENV: 'production', NODE_COMPILE_CACHE: cache },
    stdio: 'ignore',
    timeout,
  });
  await new Promise((resolve, reject) => void child.once('error', reject).once('exit', resolve));
}

/** Gives all that is in the folder to a user, who alone may write folders and nobody files. Answers how many files there are. */
async function handOver(owner: number): Promise<number> {
  const entries = await readdir(String(cache), { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    await chmod(path, entry.isFile() ? 0o444 : 0o755);
    await chown(path, owner, owner);
  }
  await chown(String(cache), owner, owner);
  return entries.filter((entry) => entry.isFile()).length;
}
