import { join } from 'node:path';
import { readOptions } from '../program/read-options.js';
import { type Count, changedModules, readCounts, sourcesOf, writeCounts } from './counted-modules.js';
import { type ModuleName, modules } from './modules.js';
import { type Mutant, runStryker } from './run-stryker.js';
import { scoreOf, scoreTable } from './score-table.js';

const known = Object.keys(modules) as ModuleName[];
const usage = `Usage: node services/e2e/dist/mutants/main.js [--at-least PERCENT] [--changed] [--write] [MODULE ...]

Changes the source in one small place at a time (a condition turned round, a statement left out) and runs the tests that reach
it: each such mutant has to be noticed. Prints the score of each module and every mutant that was not noticed. Exit code 1 when
a module's score is below --at-least (default 90).

  --changed   modules whose files are others than those that were counted last, of those that need no servers; one small
              module when there are none
  --write     write the scores down (counted.json); the page has to show them (services/e2e/README.md)

${known.map((name) => `  ${name.padEnd(18)}${modules[name].what}${modules[name].needsServers ? ' (real servers)' : ''}`).join('\n')}

A mutant that changes nothing anybody could notice is explained where it stands: // Stryker disable next-line KIND: why
`;

const { changed, write, ...given } = readOptions(
  usage,
  { 'at-least': 90 },
  { orNone: ['at-least'], flags: ['changed', 'write'], names: { what: 'module', known } },
);
const root = join(import.meta.dirname, '../../../..');
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('stopped by Ctrl-C')));
const wanted = changed && given.names.length === 0 ? changedModules(root, readCounts(root)) : given.names;
const counts: Partial<Record<ModuleName, Count>> = {};
const unnoticed: Mutant[] = [];
for (const name of (wanted.length > 0 ? wanted : known) as readonly ModuleName[]) {
  process.stdout.write(`\n${name}: ${modules[name].what}\n`);
  const sources = sourcesOf(root, name);
  const mutants = await runStryker(root, modules[name], stop.signal);
  const count = (fate: Mutant['fate']) => mutants.filter((mutant) => mutant.fate === fate).length;
  const [killed, survived, unreached] = [count('killed'), count('survived'), count('unreached')];
  const day = new Date().toISOString().slice(0, 10);
  counts[name] = { day, sources, killed, survived, unreached, explained: count('explained') };
  unnoticed.push(...mutants.filter(({ fate }) => fate === 'survived' || fate === 'unreached'));
}
for (const { file, line, kind, replacement, fate } of unnoticed)
  process.stdout.write(`${file}:${line} ${kind} ${fate}: ${replacement.replaceAll(/\s+/g, ' ').slice(0, 120)}\n`);
process.stdout.write(`\n${scoreTable(counts)}\n`);
if (write) writeCounts(root, counts);
if (Object.values(counts).some((count) => scoreOf(count) < given['at-least'])) process.exitCode = 1;
