import { join } from 'node:path';
import type { Locations } from '../locations.config.js';
import { describeExit } from '../process/process-spec.js';
import { startProcess } from '../process/start-process.js';
import type { StepSpec } from './service-spec.js';

/** Runs a program to its end. Throws, with its last lines, when it does not end well. */
export async function runStep(
  { name, entry, args, env }: StepSpec,
  { locations, signal }: { readonly locations: Locations; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const logFile = join(locations.logDir, `${name}.log`);
  const { ledgerDir, repositoryRoot } = locations;
  const step = await startProcess({
    name,
    command: process.execPath,
    args: [entry, ...args],
    env,
    cwd: repositoryRoot,
    logFile,
    ledgerDir,
    signal,
  });
  const calledOff = (): void => void step.kill();
  signal?.addEventListener('abort', calledOff, { once: true });
  const exit = await step.exited;
  signal?.removeEventListener('abort', calledOff);
  signal?.throwIfAborted();
  if (exit.code === 0) return;
  const words = step.lastLines().map((line) => `\n  | ${line}`);
  throw new Error(`${name} ${describeExit(exit)}; the end of ${logFile}:${words.join('')}`);
}
