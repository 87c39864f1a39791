import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import type { SummaryMetrics } from '../src/summary/summary-table.ts';

const program = fileURLToPath(new URL('../dist/run.js', import.meta.url));

/**
 * Runs a scenario as a person would, by `dist/run.js`; resolves when it has ended. What it printed is shown when the test fails.
 * `variables`: its own; `k6Args`: more arguments of `k6 run`.
 */
export async function runScenario(
  ctx: TestContext,
  scenario: string,
  gatewayUrl: string,
  variables: Readonly<Record<string, string>> = {},
  k6Args: readonly string[] = [],
): Promise<ScenarioRun> {
  const directory = await mkdtemp(join(tmpdir(), 'parlance-loadtest-run-'));
  const summaryFile = join(directory, 'summary.json');
  const child = spawn(process.execPath, [program, scenario, '--quiet', ...k6Args], {
    env: { ...process.env, ...variables, GATEWAY_URL: gatewayUrl, SUMMARY_FILE: summaryFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  ctx.onTestFailed(() => void process.stderr.write(output));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const json = await readFile(summaryFile, 'utf8').catch(() => '{}');
  await rm(directory, { recursive: true, force: true });
  const summary = JSON.parse(json) as Partial<Pick<ScenarioRun, 'passed' | 'metrics'>>;
  return { exitCode, output, passed: summary.passed, metrics: summary.metrics ?? {} };
}

/** How a run ended. */
export interface ScenarioRun {
  readonly exitCode: number | null;
  /** stdout and stderr as they came. */
  readonly output: string;
  /** What the summary file says; undefined when the run did not get as far. */
  readonly passed: boolean | undefined;
  readonly metrics: SummaryMetrics;
}

/** The counters of a run; those of k6 itself and the times are left out. */
export function countsOf({ metrics }: ScenarioRun): Record<string, number | undefined> {
  const own = Object.entries(metrics).filter(([name, { values }]) => name.startsWith('parlance_') && 'count' in values);
  return Object.fromEntries(own.map(([name, { values }]) => [name, values['count']]));
}

/** Names of the metrics of which a threshold was crossed. */
export function crossedIn({ metrics }: ScenarioRun): string[] {
  const crossed = Object.entries(metrics).filter(([, { thresholds }]) =>
    Object.values(thresholds ?? {}).some(({ ok }) => !ok),
  );
  return crossed.map(([name]) => name).toSorted();
}
