import { parseArgs } from 'node:util';
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

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    seed: text,
    sends: text,
    clients: text,
    rooms: text,
    faults: text,
    rounds: text,
    only: text,
    changes: text,
    cluster: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(usage);
} else {
  const stop = new AbortController();
  // Not once: while a listener stays, the guard of started processes leaves the end to this program.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const report = await runFaults({
    seed: natural('seed', 1),
    sends: natural('sends', 100_000),
    clients: natural('clients', 100),
    rooms: natural('rooms', 40),
    faults: natural('faults', 44),
    ...(values.cluster ? { mongo: 'cluster' } : {}),
    ...(values.rounds === undefined ? {} : { rounds: natural('rounds', 1) }),
    ...(values.only === undefined ? {} : { only: named('only', values.only, faultKinds) as FaultKindName[] }),
    ...(values.changes === undefined
      ? {}
      : { changes: named('changes', values.changes, changeKinds) as ChangeKindName[] }),
    say: (line) => void process.stdout.write(`${line}\n`),
    signal: stop.signal,
  });
  process.stdout.write(`\n${faultTable(report)}\n`);
  process.exitCode = isClean(report) && !stop.signal.aborted ? 0 : 1;
}

function natural(name: 'seed' | 'sends' | 'clients' | 'rooms' | 'faults' | 'rounds', otherwise: number): number {
  const text = values[name];
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} takes a whole number above 0, not "${text}".\n`);
  process.exit(2);
}

function named(option: string, text: string, kinds: object): string[] {
  const names = text.split(',');
  const unknown = names.filter((name) => !Object.hasOwn(kinds, name));
  if (unknown.length === 0) return names;
  process.stderr.write(`--${option}: there is no kind called ${unknown.join(', ')}; --help lists them.\n`);
  process.exit(2);
}
