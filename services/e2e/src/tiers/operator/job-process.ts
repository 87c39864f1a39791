/**
 * One run of `jobs` as a process of its own, with the clock of `JOB_CLOCK_OFFSET_MS` (milliseconds that it is off the
 * machine's). Tells each checkpoint over IPC. At the first one that is not named in `JOB_SPARED` (a JSON list), or at that of
 * `JOB_STRIKE_AT`, it does what `JOB_STRIKE` says: `kill` ends the process, `stop` halts it, `tell` only says that it is
 * there.
 */
import { runJobs } from '@parlance/jobs';

const { argv, env, stdout, stderr } = process;
const offsetMs = Number(env['JOB_CLOCK_OFFSET_MS'] ?? 0);
const spared = new Set(JSON.parse(env['JOB_SPARED'] ?? '[]') as string[]);
const strike = env['JOB_STRIKE'];
const at = env['JOB_STRIKE_AT'];
let isStruck = false;
// Whoever started it must not leave it behind.
const orphaned = (): never => process.exit(1);
process.once('disconnect', orphaned);
process.channel?.unref();

process.exitCode = await runJobs({
  argv: argv.slice(2),
  stdout,
  stderr,
  exit: (code) => process.exit(code),
  signal: new AbortController().signal,
  now: async () => Date.now() + offsetMs,
  checkpoint: async (name) => {
    const strikes = strike !== undefined && !isStruck && (at === undefined ? !spared.has(name) : name === at);
    await tell({ checkpoint: name, strikes });
    if (!strikes) return;
    isStruck = true;
    if (strike !== 'tell') process.kill(process.pid, strike === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  },
});
process.removeListener('disconnect', orphaned);
process.disconnect();

function tell(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, undefined, {}, () => resolve());
    else resolve();
  });
}
