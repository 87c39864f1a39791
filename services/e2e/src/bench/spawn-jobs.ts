import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts a command of `jobs` as anybody does. What it says goes nowhere, what it complains of where `complaints` says. */
export function spawnJobs(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  complaints: 'inherit' | 'pipe' = 'inherit',
): { readonly job: ChildProcess; readonly ended: Promise<number | null> } {
  const program = fileURLToPath(new URL('main.js', import.meta.resolve('@parlance/jobs')));
  const job = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', complaints],
  });
  const ended = new Promise<number | null>((resolve, reject) => job.once('exit', resolve).once('error', reject));
  return { job, ended };
}
