import { readdir } from 'node:fs/promises';
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

function help(scenarios: readonly string[]): string {
  return `usage: node loadtest/dist/run.js [SCENARIO] [arguments of "k6 run"]

Runs a load test against a running Parlance, such as that of "make up". "--which" prints the k6 that it would use.
Scenarios: ${scenarios.join(', ')}. Default: smoke.

Environment (default)
  GATEWAY_URL (http://127.0.0.1:3000)    the gateway; it must hand out development tokens
  K6_BIN                                 the k6 to use instead of the one found
  PARLANCE_DIR (.parlance)               its cache may hold k6/k6
  PARLANCE_TOOLS_DIR                     a folder with k6-vVERSION-PLATFORM-ARCH.xz, unpacked into that cache
  SUMMARY_FILE                           the figures as JSON go there too
  SOCKETS (50), ROOMS (1)                people with a socket each, and the rooms over which they are spread
  RATE (42), DURATION (12s)              messages a second of all together, and for how long

Exit code
  0    everything was as it must be
  99   something was not: a threshold was crossed
  1    k6 was not found
  2    there is no such scenario
  other codes are k6's: 107 when the script failed (no gateway, no tokens), 105 after Ctrl-C
`;
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(text);
  return exitCode;
}

process.exitCode = await run(process.argv.slice(2));
