import { readOptions } from '../../program/read-options.js';
import { archiveCollection, type CollectionReport } from './archive-collection.js';
import { archiveTable } from './archive-table.js';
import { compareSpeed } from './compare-speed.js';

const usage = `Usage: node services/e2e/dist/bench/archive/main.js [options]

Writes generated messages as an archive and compares speed and size with zstd -3 over the same lines; then archives
collections of two sizes by the job, on a MongoDB of its own, and prints memory and sizes. Ratios count; other work on the machine
shows in the times.

  --messages N     for the comparison with zstd (default 100000; 0 for none)
  --collection N   messages of the smaller collection, the other has ten times as many (default 50000; 0 for none)
  --help           this text
`;

const defaults = { messages: 100_000, collection: 50_000 };
const { messages, collection } = readOptions(usage, defaults, { orNone: ['messages', 'collection'] });
const speed = messages > 0 ? await compareSpeed(messages) : undefined;
const reports: CollectionReport[] = [];
for (const size of collection > 0 ? [collection, 10 * collection] : []) {
  reports.push(await archiveCollection(size, (line) => void process.stderr.write(`${line}\n`)));
}
process.stdout.write(`${archiveTable(speed, reports)}\n`);
