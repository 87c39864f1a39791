import { readOptions, refuse } from '../program/read-options.js';
import { type ChangeKindName, changeKinds } from './crowd/change-kinds.js';
import { type FaultKindName, faultKinds } from './fault-kinds.js';
import { faultTable } from './fault-table.js';
import { isClean, runFaults } from './run-faults.js';

const usage = `Usage: node services/e2e/dist/faults/main.js [options]

Sends messages and changes rooms through a whole deployment of real processes while it is broken on purpose, and checks that
nothing was lost, doubled, reordered or missed. Ends at the first anomaly with exit code 1, and keeps the
logs of all processes then.

  --seed N      what to break and when (default 1)
  --sends N     messages (default 100000)
  --clients N   users (default 100)
  --rooms N     rooms (default 40)
  --faults N    faults, one after the other (default 44)
  --cluster     with a sharded MongoDB, whose own faults come to the others; default: a replica set of three
  --only NAMES  kinds of faults to choose from, with commas between; default: all of
                ${Object.keys(faultKinds).join(', ')}
  --rounds N    rounds of room changes beside the faults (default: three a fault)
  --changes NAMES
                kinds of room changes to choose from, likewise; default: all of
                ${Object.keys(changeKinds).join(', ')}
  --help        this text
`;

const defaults = {
  seed: 1,
  sends: 100_000,
  clients: 100,
  rooms: 40,
  faults: 44,
  rounds: undefined,
};
const { only, changes, cluster, rounds, ...plan } = readOptions(usage, defaults, {
  texts: ['only', 'changes'],
  flags: ['cluster'],
});
const stop = new AbortController();
// Not once: while a listener stays, the guard of started processes leaves the end to this program.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
const report = await runFaults({
  ...plan,
  ...(cluster ? { mongo: 'cluster' } : {}),
  ...(rounds === undefined ? {} : { rounds }),
  ...(only === undefined ? {} : { only: named('only', only, faultKinds) as FaultKindName[] }),
  ...(changes === undefined ? {} : { changes: named('changes', changes, changeKinds) as ChangeKindName[] }),
  say: (line) => void process.stdout.write(`${line}\n`),
  signal: stop.signal,
});
process.stdout.write(`\n${faultTable(report)}\n`);
process.exitCode = isClean(report) && !stop.signal.aborted ? 0 : 1;

function named(option: string, text: string, kinds: object): string[] {
  const names = text.split(',');
  const unknown = names.filter((name) => !Object.hasOwn(kinds, name));
  if (unknown.length === 0) return names;
  return refuse(`--${option}: there is no kind called ${unknown.join(', ')}; --help lists them.`);
}
