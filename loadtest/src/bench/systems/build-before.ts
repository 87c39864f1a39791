import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The commit that progress is measured from: the last one before the cost of a message was worked on. */
const commitBefore = 'a784a72';

/**
 * The built services of an older commit, from the history of this checkout, made once and kept in `cacheDir`. Undefined, with a loud
 * line, where the history does not have it (a shallow clone) or it cannot be built.
 */
export async function buildBefore(
  root: string,
  cacheDir: string,
  say: (line: string) => void,
): Promise<string | undefined> {
  const folder = join(cacheDir, `before-${commitBefore}`);
  if (existsSync(folder)) return folder;
  const half = `${folder}.half`;
  try {
    await run('git', ['-C', root, 'cat-file', '-e', `${commitBefore}^{commit}`]);
    say(`building the services of ${commitBefore}, once, in ${folder} ...`);
    await rm(half, { recursive: true, force: true });
    await mkdir(half, { recursive: true });
    await unpack(root, half);
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: half });
    const tsc = join(half, 'node_modules', '.bin', 'tsc');
    await run(process.execPath, [tsc, '-b', 'services/gateway', 'services/chat-service'], { cwd: half });
    await rename(half, folder);
    return folder;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`NO BUILD OF THE TIME BEFORE (${commitBefore}): ${reason.trim()}. What is compared with it is not measured.`);
    return undefined;
  }
}

const run = promisify(execFile);

async function unpack(root: string, folder: string): Promise<void> {
  const archive = spawn('git', ['-C', root, 'archive', commitBefore], { stdio: ['ignore', 'pipe', 'inherit'] });
  const tar = spawn('tar', ['x', '-C', folder], { stdio: [archive.stdout, 'inherit', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))));
  });
}
