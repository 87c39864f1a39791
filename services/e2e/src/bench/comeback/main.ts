import { resolve } from 'node:path';
import { TerminalProgress } from '@parlance/devstack';
import { readOptions } from '../../program/read-options.js';
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

const defaults = { clients: 300, rooms: 100, people: 10, rounds: 3 };
const { against, ...size } = readOptions(usage, defaults, { texts: ['against'] });
const progress = new TerminalProgress();
const reports: ComebackReport[] = [];
if (against) reports.push(await runComeback(resolve(against), size, progress));
reports.push(await runComeback(undefined, size, progress));
progress.close();
process.stdout.write(`\n${comebackTable(reports, size)}\n`);
// Sockets of hundreds of clients that are closing must not keep the program.
process.exit(0);
