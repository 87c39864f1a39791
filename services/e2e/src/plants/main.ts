import { readOptions } from '../program/read-options.js';
import { renderTable } from '../program/table.js';
import { sabotages } from '../sabotage/sabotages.js';
import { type PlantName, plants } from './plants.js';
import { type PlantResult, runPlant } from './run-plants.js';

const known = Object.keys(plants) as PlantName[];
const usage = `Usage: node services/e2e/dist/plants/main.js [--seed N] [NAME ...]

Plants one bug at a time into the services, runs a scenario against it and expects the history checker to catch it; then
runs the same scenario with the same seed without the bug and expects no anomaly. Exit code 1 if either fails.

${known.map((name) => `  ${name.padEnd(24)}${sabotages[name].what}`).join('\n')}
`;

const { seed, names } = readOptions(usage, { seed: 1 }, { names: { what: 'plant', known } });
const results: PlantResult[] = [];
for (const name of names.length > 0 ? names : known) {
  process.stdout.write(`${name} ... `);
  const result = await runPlant(name as PlantName, seed);
  results.push(result);
  process.stdout.write(`${line(result)}\n`);
}
process.stdout.write(`\n${table(results)}\n`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

function line({ planted, correct, ok }: PlantResult): string {
  const [first] = planted.anomalies;
  const caught =
    first === undefined ? `NOT CAUGHT ${planted.failure ?? ''}` : `caught as "${first.name}": ${first.detail}`;
  const [wrong] = correct.anomalies;
  const passed = wrong === undefined ? (correct.failure ?? 'passes') : `FAILS as "${wrong.name}": ${wrong.detail}`;
  return `${ok ? 'ok' : 'FAILED'}; ${caught}; the correct build ${passed}`;
}

function table(results: readonly PlantResult[]): string {
  const rows = results.map(({ name, scenario, planted, correct }) => [
    name,
    scenario,
    planted.anomalies[0]?.name ?? 'NOT CAUGHT',
    `${planted.seconds.toFixed(0)} s`,
    correct.anomalies[0]?.name ?? correct.failure ?? 'passes',
    `${correct.seconds.toFixed(0)} s`,
  ]);
  return renderTable(['planted bug', 'scenario', 'caught as', 'after', 'correct build', 'after'], rows);
}
