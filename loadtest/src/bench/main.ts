import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Budget } from './pairs/budget.ts';
import { performancePage } from './report/performance-page.ts';
import { readResults } from './report/results.ts';
import { runDense } from './run-dense.ts';
import { plannedSeconds, runTargets } from './run-targets.ts';
import { buildBefore } from './systems/build-before.ts';
import { removeFolders } from './systems/servers.ts';
import { targets } from './targets/targets.ts';

const names = Object.keys(targets);
const usage = `Usage: node loadtest/dist/bench/main.js [TARGETS] [options]
       node loadtest/dist/bench/main.js dense [options]
       node loadtest/dist/bench/main.js page [--results FILE]

Measures what a message costs, beside baselines on the same MongoDB and Redis, and prints each target with the measured value,
its limit, and pass or miss. TARGETS: ${names.join(',')} (default: all, under 20 minutes):
${names.map((name) => `  ${name.padEnd(4)} ${targets[name]?.title}`).join('\n')}

  --pairs N           undisturbed pairs of a comparison (default 5)
  --scale N           0.1: a tenth of the times and of the crowds, to see that everything runs; its figures are none
  --before DIR        a checkout with built services of the time before; default: built from the history, once
  --results FILE      keeps the figures, by target (default .parlance/bench/results.json)
  --checkout DIR      services built in another checkout
  --help              this text

dense: 200 people in rooms of 10 send texts of 140 bytes by a fixed schedule. Prints what a message cost each process, how long acks
and deliveries took from when a message was due, and whether everything came to everybody.

  --system NAMES      parlance (default), before, L0, L1, L1m, L2
  --rate N,N          messages a second (default 200,500,1000,1500)
  --seconds N         that count (default 10)
  --warm N            seconds before (default 4)
  --node-args ARGS    for the Node of the services: "--cpu-prof --cpu-prof-dir=DIR"
  --json              figures as JSON, one line each

page: writes docs/performance.md and its plots from docs/performance/results.json, or from FILE, which it copies there.

Exit code: 0 when all was measured, also where a target is missed; 1 when something could not be measured; 2 for wrong arguments;
130 after Ctrl-C, which leaves nothing behind.
`;

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** For the build of the time before, and for what takes longer than planned. */
const spareSeconds = 100;
const text = { type: 'string' } as const;
const options = {
  system: text,
  rate: text,
  seconds: text,
  warm: text,
  checkout: text,
  'node-args': text,
  json: { type: 'boolean' },
  pairs: text,
  before: text,
  scale: text,
  results: text,
  help: { type: 'boolean' },
} as const;

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => process.exit(code));
}
process.on('exit', () => removeFolders((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })));
process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parse();
  if (values.help) return say(usage);
  const before = async (): Promise<string | undefined> =>
    values.before ?? (await buildBefore(root, join(root, '.parlance', 'cache'), say));
  const nodeArgs = values['node-args']?.split(' ') ?? [];
  if (positionals[0] === 'dense') {
    const systems = (values.system ?? 'parlance').split(',');
    await runDense({
      systems,
      rates: (values.rate ?? '200,500,1000,1500').split(',').map((rate) => natural('--rate', rate)),
      seconds: natural('--seconds', values.seconds ?? '10'),
      warmSeconds: natural('--warm', values.warm ?? '4'),
      checkout: values.checkout,
      before: systems.includes('before') ? await before() : undefined,
      nodeArgs,
      json: values.json ?? false,
    });
    return 0;
  }
  if (positionals[0] === 'page') return writePage(values.results);
  const asked = positionals.flatMap((name) => name.split(','));
  for (const name of asked) if (!names.includes(name)) refuse(`There is no target "${name}".`);
  const chosen = asked.length === 0 ? names : asked;
  const scale = share('--scale', values.scale ?? '1');
  const seconds = chosen.reduce((sum, name) => sum + plannedSeconds(name, scale), 0);
  const budget = new Budget(1_000 * (seconds + spareSeconds), () => performance.now());
  return runTargets({
    names: chosen,
    checkout: values.checkout,
    before: chosen.includes('P2') ? await before() : undefined,
    nodeArgs,
    pairs: natural('--pairs', values.pairs ?? '5'),
    scale,
    budget,
    resultsFile:
      values.results ?? join(root, '.parlance', 'bench', scale === 1 ? 'results.json' : 'results-of-small-run.json'),
    commit: execFileSync('git', ['-C', values.checkout ?? root, 'rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
    }).trim(),
    say,
  });
}

async function writePage(given: string | undefined): Promise<number> {
  const kept = join(root, 'docs', 'performance', 'results.json');
  const results = await readResults(given ?? kept);
  const small = Object.entries(results.targets).filter(([, { scale }]) => scale !== undefined);
  if (small.length > 0)
    refuse(`${small.map(([name]) => name).join(', ')} come from a run with --scale: their figures are none.`);
  const files = [
    ...performancePage(results),
    ['performance/results.json', `${JSON.stringify(results, null, 2)}\n`],
  ] as const;
  for (const [path, text] of files) {
    const file = join(root, 'docs', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return 0;
}

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function natural(option: string, given: string): number {
  const value = Number(given);
  return Number.isInteger(value) && value > 0 ? value : refuse(`${option} takes a natural number, not "${given}".`);
}

function share(option: string, given: string): number {
  const value = Number(given);
  return value > 0 && value <= 1 ? value : refuse(`${option} takes a number above 0 and up to 1, not "${given}".`);
}

function say(line: string): number {
  process.stdout.write(`${line}\n`);
  return 0;
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}\n\n${usage}`);
  process.exit(2);
}
