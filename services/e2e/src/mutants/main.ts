import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderTable } from '../model/table.js';
import { changedModules } from './changed-modules.js';
import { type ModuleName, modules } from './modules.js';
import { type Mutant, runStryker } from './run-stryker.js';

const names = Object.keys(modules) as ModuleName[];
const usage = `Usage: node services/e2e/dist/mutants/main.js [--at-least PERCENT] [--changed] [MODULE ...]

Changes the source in one small place at a time (a condition turned round, a statement left out) and runs the tests that reach
it: each such mutant has to be noticed. Prints the score of each module and every mutant that was not noticed. Exit code 1 when
a module's score is below --at-least (default 90).

  --changed   modules whose files changed since the scores were last written down (services/e2e/README.md), of those that need
              no servers; one small module when there are none

${names.map((name) => `  ${name.padEnd(18)}${modules[name].what}${modules[name].needsServers ? ' (real servers)' : ''}`).join('\n')}

A mutant that changes nothing anybody could notice is explained where it stands: // Stryker disable next-line KIND: why
`;

const { values, positionals } = parseArgs({
  options: { 'at-least': { type: 'string' }, changed: { type: 'boolean' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
const root = join(import.meta.dirname, '../../../..');
const unknown = positionals.filter((name) => !names.includes(name as ModuleName));
if (values.help) process.stdout.write(usage);
else if (unknown.length > 0) {
  process.stderr.write(`There is no module called ${unknown.join(', ')}; --help lists them.\n`);
  process.exitCode = 2;
} else {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped by Ctrl-C')));
  const wanted = positionals.length > 0 ? (positionals as ModuleName[]) : values.changed ? changedModules(root) : names;
  const rows: (string | number)[][] = [];
  const unnoticed: Mutant[] = [];
  let isBelow = false;
  for (const name of wanted) {
    process.stdout.write(`\n${name}: ${modules[name].what}\n`);
    const mutants = await runStryker(root, modules[name], stop.signal);
    const count = (...fates: Mutant['fate'][]) => mutants.filter(({ fate }) => fates.includes(fate)).length;
    const score = (100 * count('killed')) / Math.max(1, count('killed', 'survived', 'unreached'));
    rows.push([
      name,
      count('killed'),
      count('survived'),
      count('unreached'),
      count('explained'),
      `${score.toFixed(1)} %`,
    ]);
    unnoticed.push(...mutants.filter(({ fate }) => fate === 'survived' || fate === 'unreached'));
    isBelow ||= score < Number(values['at-least'] ?? 90);
  }
  for (const { file, line, kind, replacement, fate } of unnoticed)
    process.stdout.write(`${file}:${line} ${kind} ${fate}: ${replacement.replaceAll(/\s+/g, ' ').slice(0, 120)}\n`);
  const head = ['module', 'killed', 'survived', 'unreached', 'explained', 'score'];
  process.stdout.write(`\n${renderTable(head, rows)}\n`);
  if (isBelow) process.exitCode = 1;
}
