import { readdir } from 'node:fs/promises';
import { help } from './help.ts';
import { findK6, howToGetK6 } from './k6/find-k6.ts';
import { type LoadtestConfig, loadLoadtestConfig } from './k6/loadtest.config.ts';
import { runK6 } from './k6/run-k6.ts';

/** Runs a scenario with k6 against a running gateway; returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const config = loadLoadtestConfig();
  const scenarios = await scenarioNames(config.scenarioDir);
  const [scenario = 'smoke', ...rest] = args;
  if (scenario === '--help' || scenario === '-h') {
    process.stdout.write(help(scenarios));
    return 0;
  }
  if (scenario === '--which') return await which(config);
  if (!scenarios.includes(scenario)) return complain(`there is no scenario "${scenario}"\n\n${help(scenarios)}`, 2);
  try {
    const k6 = await findK6(config);
    if (k6 === undefined) return complain(`${howToGetK6}\n`, 1);
    return await runK6(k6, { scenario, k6Args: rest[0] === '--' ? rest.slice(1) : rest, config });
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : String(error)}\n`, 1);
  }
}

async function which(config: LoadtestConfig): Promise<number> {
  const k6 = await findK6(config);
  if (k6 === undefined) return complain(`${howToGetK6}\n`, 1);
  process.stdout.write(`${k6}\n`);
  return 0;
}

/** Each script in the folder is a scenario; what they share is in folders below it. */
async function scenarioNames(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.ts')).map((name) => name.replace(/\.ts$/, ''));
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(text);
  return exitCode;
}

process.exitCode = await run(process.argv.slice(2));
