import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SummaryMetrics } from '../src/smoke/summary-table.ts';

const program = fileURLToPath(new URL('../dist/run.js', import.meta.url));

/** Runs the smoke scenario as a person would, by `dist/run.js`; resolves when it has ended. `size`: its variables. */
export async function runSmoke(
  gatewayUrl: string,
  directory: string,
  size: Readonly<Record<string, string>>,
): Promise<SmokeRun> {
  const summaryFile = join(directory, 'summary.json');
  const child = spawn(process.execPath, [program, 'smoke', '--quiet'], {
    env: { ...process.env, ...size, GATEWAY_URL: gatewayUrl, SUMMARY_FILE: summaryFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const json = await readFile(summaryFile, 'utf8').catch(() => '{}');
  return { exitCode, output, metrics: JSON.parse(json) as SummaryMetrics };
}

/** How a run ended. */
export interface SmokeRun {
  readonly exitCode: number | null;
  /** stdout and stderr as they came. */
  readonly output: string;
  /** Empty when the run did not get as far. */
  readonly metrics: SummaryMetrics;
}
