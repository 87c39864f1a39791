import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { LoadtestConfig } from './loadtest.config.ts';

/**
 * Runs one scenario and resolves with k6's exit code: 0 when all thresholds held, 99 when one was crossed, others in k6's
 * documentation; 128 and the signal's number when it was killed. k6 writes to this process's output. Ctrl-C reaches k6
 * by itself, being in the same process group; it then prints what it has and ends with 105.
 */
export async function runK6(k6: string, run: K6Run): Promise<number> {
  const child = spawn(
    k6,
    ['run', '--no-usage-report', '--address', '', ...run.k6Args, join(run.config.scenarioDir, `${run.scenario}.ts`)],
    {
      stdio: 'inherit',
      // k6 lives on short-lived values: collecting them four times less often saves a quarter of its CPU.
      env: { GOGC: '400', ...run.config.environment, GATEWAY_URL: run.config.gatewayUrl },
    },
  );
  const patient = (): void => undefined;
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', patient).on('SIGTERM', forward);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    process.off('SIGINT', patient).off('SIGTERM', forward);
  }
}

/** What to run, and against what. */
export interface K6Run {
  /** Name of a file in `scenarios`, without `.ts`. */
  readonly scenario: string;
  /** More arguments of `k6 run`. */
  readonly k6Args: readonly string[];
  readonly config: Pick<LoadtestConfig, 'scenarioDir' | 'gatewayUrl' | 'environment'>;
}
