import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sabotageArguments } from '../../sabotage/sabotage-arguments.js';
import type { SabotageName } from '../../sabotage/sabotages.js';

/** How a run of a job is started. */
export interface JobStart {
  /** As on the command line, the command first. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /**
   * What else is changed of the code that it runs; its lease lasts three seconds, so that a killed one is soon followed, and an
   * erasure waits for pods as long.
   */
  readonly sabotages?: readonly SabotageName[];
  /** Milliseconds that its clock is off the machine's. */
  readonly clockOffsetMs: number;
  /** What it does at a named checkpoint, or at the first one that is not spared. */
  readonly strike?: { readonly how: 'kill' | 'stop' | 'tell' } & (
    | { readonly spared: readonly string[] }
    | { readonly at: string }
  );
}

/** What came of a run. */
export interface JobOutcome {
  /** Undefined when it was killed. */
  readonly exitCode: number | undefined;
  readonly seconds: number;
  /** Names of checkpoints that it passed, in their order. */
  readonly checkpoints: readonly string[];
  /** The one that it was struck at. */
  readonly struckAt: string | undefined;
  /** What it planned to do, a line a step; of all its plans. */
  readonly planned: readonly string[];
  /** What it said last, for people. */
  readonly said: string;
}

/** A process that runs a job. */
export interface JobRun {
  readonly process: ChildProcess;
  /** Resolves with the checkpoint that it was struck at, or undefined when it ends without. */
  readonly struck: Promise<string | undefined>;
  readonly ended: Promise<JobOutcome>;
}

const program = fileURLToPath(new URL('../../../dist/tiers/operator/job-process.js', import.meta.url));

/** Starts a job as a process of its own. */
export function startJob({ args, env, sabotages = [], clockOffsetMs, strike }: JobStart): JobRun {
  const startedAt = performance.now();
  const child = fork(program, [...args, '--json'], {
    execArgv: [...sabotageArguments],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...env,
      SABOTAGE: ['short-lease', 'short-settling', ...sabotages].join(','),
      JOB_CLOCK_OFFSET_MS: String(clockOffsetMs),
      ...(strike ? { JOB_STRIKE: strike.how } : {}),
      ...(strike && 'at' in strike ? { JOB_STRIKE_AT: strike.at } : {}),
      ...(strike && 'spared' in strike ? { JOB_SPARED: JSON.stringify(strike.spared) } : {}),
    },
  });
  const checkpoints: string[] = [];
  let struckAt: string | undefined;
  let output = '';
  let complaints = '';
  child.stdout?.on('data', (data: Buffer) => {
    output += data.toString();
  });
  child.stderr?.on('data', (data: Buffer) => {
    complaints = `${complaints}${data.toString()}`.slice(-4_000);
  });
  const closed = once(child, 'close');
  const struck = new Promise<string | undefined>((resolve) => {
    child.on('message', ({ checkpoint, strikes }: { readonly checkpoint: string; readonly strikes: boolean }) => {
      checkpoints.push(checkpoint);
      if (!strikes) return;
      struckAt = checkpoint;
      resolve(checkpoint);
    });
    child.once('close', () => resolve(undefined));
  });
  // A stopped process hears nothing of this one's end.
  const last = (): void => void child.kill('SIGKILL');
  process.once('exit', last);
  const ended = closed.then(([code]: readonly (number | null)[]): JobOutcome => {
    process.removeListener('exit', last);
    const seconds = (performance.now() - startedAt) / 1_000;
    return { exitCode: code ?? undefined, seconds, checkpoints, struckAt, ...read(output, complaints) };
  });
  return { process: child, struck, ended };
}

function read(output: string, complaints: string): Pick<JobOutcome, 'planned' | 'said'> {
  const planned: string[] = [];
  const texts: string[] = [];
  for (const line of output.split('\n').filter((text) => text.startsWith('{') && text.endsWith('}'))) {
    const told = JSON.parse(line) as JobLine;
    for (const { what } of told.steps ?? []) planned.push(what);
    if (told.verdict !== undefined && told.verdict !== 'run') texts.push(`${told.verdict}: ${told.reason ?? ''}`);
    if (told.text !== undefined) texts.push(told.text);
    if (told.failure !== undefined) texts.push(told.failure);
  }
  return { planned, said: [...texts.slice(-3), complaints.trim()].filter((text) => text !== '').join('; ') };
}

/** What of a line of `--json` is of interest here. */
interface JobLine {
  readonly verdict?: string;
  readonly reason?: string;
  readonly steps?: readonly { readonly what: string }[];
  readonly text?: string;
  readonly failure?: string;
}
