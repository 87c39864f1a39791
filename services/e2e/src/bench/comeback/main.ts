import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TerminalProgress } from '@parlance/devstack';
import { comebackTable } from './comeback-table.js';
import { type ComebackReport, runComeback } from './run-comeback.js';

const usage = `Usage: make bench-comeback ARGS="[options]"

Connects clients of the SDK that are in many rooms each, ends all connections, lets everybody come back at once while no
room has changed, and counts what MongoDB is asked for until it is asked for nothing any more.

  --clients N    clients, each another user (default 300)
  --rooms N      rooms of each client (default 100)
  --people N     clients in each room (default 10)
  --rounds N     times to come back; the table shows the median (default 3)
  --against DIR  another checkout, built: its services and its SDK run the same first, for comparison
  --help         this text
`;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { clients: text, rooms: text, people: text, rounds: text, against: text, help: { type: 'boolean' } },
});
if (values.help) process.stdout.write(usage);
else {
  const size = {
    clients: natural('clients', 300),
    rooms: natural('rooms', 100),
    people: natural('people', 10),
    rounds: natural('rounds', 3),
  };
  const progress = new TerminalProgress();
  const reports: ComebackReport[] = [];
  if (values.against) reports.push(await runComeback(resolve(values.against), size, progress));
  reports.push(await runComeback(undefined, size, progress));
  progress.close();
  process.stdout.write(`\n${comebackTable(reports, size)}\n`);
  // Sockets of hundreds of clients that are closing must not keep the program.
  process.exit(0);
}

function natural(name: 'clients' | 'rooms' | 'people' | 'rounds', otherwise: number): number {
  const value = Number(values[name] ?? otherwise);
  if (Number.isSafeInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} takes a whole number above 0, not "${values[name]}".\n`);
  process.exit(2);
}
