import { TerminalProgress } from '@parlance/devstack';
import { readOptions } from '../../program/read-options.js';
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

const size = readOptions(usage, { rooms: 40, senders: 8, pages: 1_000 });
const progress = new TerminalProgress();
const report = await runTiersBench(size, progress);
progress.close();
process.stdout.write(`\n${tiersTable(report)}\n`);
