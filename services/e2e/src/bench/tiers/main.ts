import { parseArgs } from 'node:util';
import { TerminalProgress } from '@parlance/devstack';
import { runTiersBench } from './run-tiers-bench.js';
import { tiersTable } from './tiers-table.js';

const usage = `Usage: make bench-tiers ARGS="[options]"

Starts a sharded MongoDB with hot, warm and cold shards, gives rooms a log over 26 months, moves the months to where their
age asks for while people send into the current month, archives the two oldest, and reads pages of history from all of
them. Prints figures beside their limits. Ratios count: what is compared is done in turns. Ends with 0 also where a
limit is missed.

  --rooms N      rooms with a log over all months (default 40)
  --senders N    rooms that somebody sends to while months move (default 8)
  --pages N      pages of each kind (default 1000)
  --help         this text
`;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { rooms: text, senders: text, pages: text, help: { type: 'boolean' } } });
if (values.help) process.stdout.write(usage);
else {
  const size = { rooms: natural('rooms', 40), senders: natural('senders', 8), pages: natural('pages', 1_000) };
  const progress = new TerminalProgress();
  const report = await runTiersBench(size, progress);
  progress.close();
  process.stdout.write(`\n${tiersTable(report)}\n`);
}

function natural(name: 'rooms' | 'senders' | 'pages', otherwise: number): number {
  const value = Number(values[name] ?? otherwise);
  if (Number.isSafeInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} takes a whole number above 0, not "${values[name]}".\n`);
  process.exit(2);
}
