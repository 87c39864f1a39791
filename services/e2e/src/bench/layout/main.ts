import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo, TerminalProgress } from '@parlance/devstack';
import { MongoClient } from 'mongodb';
import { readOptions } from '../../program/read-options.js';
import { seededRandom, shuffled } from '../../seeded-random.js';
import { LayoutBench } from './layout-bench.js';
import { layouts } from './layouts.js';

const usage = `Usage: make bench-layout ARGS="[--turns N]"

Fills a month's collection in each of the layouts that ADR 0018 weighs and reads it, in turns of 6,400 messages (default 9),
and prints what it costs mongod, as ratios to the first. It takes about two minutes; what else the machine does shows.
`;

const { turns } = readOptions(usage, { turns: 9 });
const dataDir = await mkdtemp(join(tmpdir(), 'parlance-layout-'));
const mongo = await startMongo({ replicas: 1, dataDir });
const client = new MongoClient(mongo.uri, { retryWrites: false });
const progress = new TerminalProgress();
const random = seededRandom(1);
const rows: string[] = [];
for (const batch of [1, 8, 32, 64]) {
  const create = (index: number) =>
    LayoutBench.create(client.db('layout'), mongo.nodes[0]?.pid ?? 0, layouts[index] ?? never(), `b${batch}_${index}`);
  const benches = await Promise.all(layouts.map((_, index) => create(index)));
  const count = batch === 1 ? 400 : 6_400;
  rows.push(row(`CPU us, ${batch} a command`, await inTurns(benches, (bench) => bench.fill(batch, count))));
  progress.step(`commands of ${batch}`);
  if (batch !== 64) continue;
  rows.push(row('CPU us, page of 50', await inTurns(benches, (bench) => bench.readPages(200))));
  rows.push(row('CPU us, newest slot', await inTurns(benches, (bench) => bench.readHeads(200))));
  rows.push(row('bytes', await Promise.all(benches.map((bench) => bench.bytes()))));
}
progress.done('all layouts');
progress.close();
await client.close();
await mongo.stop();
await rm(dataDir, { recursive: true });
const head = ['', 'of the first', ...layouts.map(({ name }) => name)];
process.stdout.write(`\n| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${rows.join('\n')}\n`);

/** The median of each bench over all turns; who goes first changes with each. */
async function inTurns(
  benches: readonly LayoutBench[],
  measure: (bench: LayoutBench) => Promise<number>,
): Promise<number[]> {
  const results = benches.map((): number[] => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const index of shuffled([...benches.keys()], random)) {
      const bench = benches[index];
      if (bench) results[index]?.push(await measure(bench));
    }
  }
  return results.map((some) => some.toSorted((left, right) => left - right)[Math.floor(some.length / 2)] ?? Number.NaN);
}

function row(what: string, costs: readonly number[]): string {
  const first = costs[0] ?? Number.NaN;
  return `| ${what} | ${first.toFixed(0)} | ${costs.map((cost) => (cost / first).toFixed(2)).join(' | ')} |`;
}

function never(): never {
  throw new Error('unreachable');
}
