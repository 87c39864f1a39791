import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeExit, type SupervisedProcess, startProcess } from '@parlance/devstack';
import { missingLine } from './missing-line.js';
import type { WalkStep } from './walk-step.js';

/**
 * Does what a page tells, step by step, in `folder`. What was started ends with the last step. Rejects with an error that names the
 * line of the page and quotes what was said there.
 */
export async function walkPage(steps: readonly WalkStep[], options: WalkOptions): Promise<void> {
  const started: SupervisedProcess[] = [];
  let output = '';
  let lastLog: string | undefined;
  try {
    for (const [index, step] of steps.entries()) {
      options.signal.throwIfAborted();
      options.onStep(step, index);
      const name = `line-${step.line}`;
      const logFile = join(options.logDir, `${name}.log`);
      switch (step.kind) {
        case 'file':
          await saveFile(step, options);
          break;
        case 'run':
          await runToEnd(step, options, name, logFile);
          lastLog = logFile;
          break;
        case 'start':
          started.push(await startProcess({ ...shell(step, options, name, logFile), ready: literally(step.until) }));
          lastLog = logFile;
          break;
        case 'output': {
          output = lastLog === undefined ? '' : await readFile(lastLog, 'utf8');
          const missing = missingLine(output, step.lines);
          if (missing !== undefined)
            throw new Error(`line ${step.line}: "${missing}" was not said, or not in this order. Said was:\n${output}`);
        }
      }
    }
  } finally {
    for (const process of started.toReversed()) await process.stop();
  }
}

/** See {@link walkPage}. */
export interface WalkOptions {
  /** Where the reader works; outside of the checkout. */
  readonly folder: string;
  readonly checkout: string;
  /** What steps say goes there, a file each. */
  readonly logDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Called before each step. */
  readonly onStep: (step: WalkStep, index: number) => void;
}

/** A step that takes longer hangs; the longest here, an installation, takes a fiftieth of it. */
const STEP_LIMIT_MS = 600_000;

async function saveFile(
  { line, name, text, sameAs }: WalkStep & { readonly kind: 'file' },
  { folder, checkout }: WalkOptions,
): Promise<void> {
  if (sameAs !== undefined && (await readFile(join(checkout, sameAs), 'utf8')) !== text)
    throw new Error(`line ${line}: the block is not what ${sameAs} holds`);
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function runToEnd(
  step: WalkStep & { readonly kind: 'run' },
  options: WalkOptions,
  name: string,
  logFile: string,
): Promise<void> {
  const process = await startProcess(shell(step, options, name, logFile));
  const limit = AbortSignal.any([options.signal, AbortSignal.timeout(STEP_LIMIT_MS)]);
  const giveUp = (): void => void process.kill();
  limit.addEventListener('abort', giveUp);
  const exit = await process.exited;
  limit.removeEventListener('abort', giveUp);
  options.signal.throwIfAborted();
  if (exit.code === 0) return;
  const how = limit.aborted ? `did not end in ${STEP_LIMIT_MS / 60_000} minutes` : describeExit(exit);
  throw new Error(`line ${step.line}: ${how}:\n${step.text}${await readFile(logFile, 'utf8')}`);
}

function shell(
  step: WalkStep & { readonly kind: 'run' | 'start' },
  { folder, checkout, env, signal }: WalkOptions,
  name: string,
  logFile: string,
): Parameters<typeof startProcess>[0] {
  return {
    name,
    command: 'bash',
    args: ['-eu', '-o', 'pipefail', '-c', step.text],
    cwd: step.kind === 'run' && step.where === 'checkout' ? checkout : folder,
    env,
    logFile,
    signal,
    readyTimeoutMs: STEP_LIMIT_MS,
  };
}

function literally(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
