import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { addMonths, claimMonth, type MonthYear, zoneCommand, zoneRangeOf } from '@parlance/storage';
import { Long } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { audit, createMonths, migrateTiers, readMonthRows, sealMonth, verify } from '../../src/index.js';
import { adminCommand } from '../../src/mongo/cluster/admin-command.js';
import { isBalancerOn, pauseBalancer } from '../../src/mongo/cluster/balancer.js';
import { readChunks } from '../../src/mongo/cluster/cluster-shards.js';
import { readShardBytes } from '../../src/mongo/cluster/shard-bytes.js';
import { ShardConnections } from '../../src/mongo/cluster/shard-connections.js';
import { Findings } from '../../src/runs/findings.js';
import { readMonthDigest } from '../../src/tiers/month-digest.js';
import { fillMonth } from '../fixtures/fill-month.js';
import { keepReading } from '../fixtures/keep-reading.js';
import { killAtEach } from '../fixtures/kill-at.js';
import { startCluster, type TestCluster } from '../fixtures/start-cluster.js';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const first = '2024-01' as MonthYear;
const at = (month: MonthYear) => ({ ...cluster.context, now: async () => Date.parse(`${month}-15T00:00:00Z`) });
const digestOf = (month: MonthYear) => readMonthDigest(cluster.database, month, new AbortController().signal, () => {});

/** Bytes of a month by shard, once all that was written is in the files. */
async function bytesOf(month: MonthYear): Promise<Record<string, number>> {
  await using connections = new ShardConnections(cluster.database, cluster.uri);
  const bytes: Record<string, number> = {};
  for (const { name } of cluster.mongo.shards) {
    await (await connections.primary(name)).client.db('admin').command({ fsync: 1 });
    const found = await readShardBytes(
      await connections.primary(name),
      cluster.database.messages(month).collectionName,
    );
    bytes[name] = found.bytes;
  }
  return bytes;
}

const jobs = fileURLToPath(new URL('../fixtures/jobs-killed-at.mjs', import.meta.url));

/** Runs the built command line as a process; `code` is the signal that ended it, if one did. */
function runKilled(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | NodeJS.Signals; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [jobs, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error?.signal ?? (typeof error?.code === 'number' ? error.code : 0), said: stdout + stderr });
    });
  });
}

async function shardsOf(month: MonthYear): Promise<string[]> {
  const chunks = (await readChunks(cluster.database, cluster.database.messages(month).namespace)) ?? [];
  return chunks.filter(({ min }) => min['monthYear'] === month).map(({ shard }) => shard);
}

it('creates the database on a hot shard, with rooms and what belongs to them spread over all of these', async () => {
  const { database } = cluster;
  const { databaseName, client } = database.db;
  expect(
    await client
      .db('config')
      .collection('databases')
      .findOne({ _id: databaseName as never }),
  ).toMatchObject({
    primary: 'hot-1',
  });
  for (const name of ['rooms', 'participants', 'room_events']) {
    const chunks = await readChunks(database, `${databaseName}.${name}`);
    expect([name, chunks?.map(({ shard }) => shard).toSorted()]).toEqual([name, ['hot-1', 'hot-1', 'hot-2', 'hot-2']]);
  }
});

it('creates months spread over the hot shards with unique indexes on each, ended at every checkpoint', async () => {
  const { database } = cluster;
  const { ends, result } = await killAtEach(at(first), (each) => createMonths({ ahead: 1, dryRun: false }, each));
  expect(result).toBe(0);
  expect(ends).toEqual(
    ['next', 'collection', 'zone', 'sharded', 'indexes', 'registered'].map((name) => `create-months:${name}`),
  );
  for (const month of [first, addMonths(first, 1)]) {
    expect(await shardsOf(month)).toEqual(['hot-1', 'hot-1', 'hot-2', 'hot-2']);
    const entry = await database.months.findOne({ monthYear: month });
    const [{ info } = { info: undefined }] = await database.db
      .listCollections({ name: database.messages(month).collectionName }, { nameOnly: false })
      .toArray();
    expect(entry).toMatchObject({ state: 'OPEN', tier: 'hot', epoch: 1, collectionUUID: info?.uuid });
  }
  expect(await database.months.countDocuments()).toBe(2);
});

it('changes nothing when it is run again, and refuses a second message in a slot on every shard', async () => {
  const { database } = cluster;
  cluster.takeSaid();
  expect(await createMonths({ ahead: 1, dryRun: false }, at(first))).toBe(0);
  expect(cluster.takeSaid()).toContain('nothing to do');
  const messages = database.messages(first);
  expect((await messages.indexes()).filter(({ unique }) => unique).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['slot', 'client_message_id']),
  );
});

it('uses all hot shards for a new month, where the literal shard key uses one', async () => {
  const { database, uri, mongo } = cluster;
  const second = addMonths(first, 1);
  const literal = database.db.collection('literal');
  await adminCommand(database, zoneCommand(literal.namespace, zoneRangeOf(second), 'hot'));
  await adminCommand(database, { shardCollection: literal.namespace, key: { monthYear: 1, roomId: 1 } });
  await fillMonth(database, second, { rooms: 200, messages: 10 });
  await literal.insertMany(await database.messages(second).find().toArray());
  await using connections = new ShardConnections(database, uri);
  const documents: Record<string, number[]> = {};
  for (const { name } of mongo.shards) {
    const [shard, month] = [await connections.primary(name), database.messages(second).collectionName];
    documents[name] = [
      (await readShardBytes(shard, 'literal')).documents,
      (await readShardBytes(shard, month)).documents,
    ];
  }
  process.stdout.write(`documents by shard, literal and hashed key: ${JSON.stringify(documents)}\n`);
  const [byLiteral, byHash] = [0, 1].map(
    (key) => Object.values(documents).filter((each) => (each[key] ?? 0) > 0).length,
  );
  expect([byLiteral, byHash]).toEqual([1, 2]);
  await literal.drop();
});

it('moves a month from hot to warm under a reader and frees the hot disks, ended at every checkpoint', async () => {
  const { database } = cluster;
  await fillMonth(database, first, { rooms: 60, messages: 150 });
  const march = at(addMonths(first, 2));
  expect(await sealMonth({ month: first, dryRun: false }, march)).toBe(0);
  const before = await digestOf(first);
  const bytesBefore = await bytesOf(first);
  expect(Math.min(bytesBefore['hot-1'] ?? 0, bytesBefore['hot-2'] ?? 0)).toBeGreaterThan(1_048_576);
  expect(before).toMatchObject({ rooms: 60, records: 60 * 151 });
  cluster.takeSaid();
  const reader = keepReading(database, first, { rooms: 60, lastId: 151 });
  const { ends, result } = await killAtEach(march, (each) => migrateTiers({ dryRun: false }, each));
  const readings = await reader.stop();
  process.stdout.write(`${readings.rooms} rooms were read during the move\n`);
  expect(readings.wrong).toEqual([]);
  expect(readings.rooms).toBeGreaterThan(60);
  expect(result).toBe(0);
  expect(ends).toEqual([
    'balancer:recorded',
    'balancer:stopped',
    ...['claimed', 'digested', 'zoneless', 'zoned', 'moved', 'verified', 'tier', 'balancer-restored', 'deleted'].map(
      (name) => `migrate-tiers:${name}`,
    ),
    'migrate-tiers:compacted',
    'migrate-tiers:released',
  ]);
  expect(new Set(await shardsOf(first))).toEqual(new Set(['warm-1']));
  expect(await digestOf(first)).toEqual(before);
  const bytes = await bytesOf(first);
  expect(Math.max(bytes['hot-1'] ?? 0, bytes['hot-2'] ?? 0)).toBeLessThan(1_048_576);
  const entry = await database.months.findOne({ monthYear: first });
  expect(entry).toMatchObject({ state: 'SEALED', tier: 'warm' });
  expect(entry).not.toHaveProperty('work');
  expect(await isBalancerOn(database)).toBe(true);
  expect(await database.leases.countDocuments({ _id: 'balancer' })).toBe(0);
});

it('finds a moved month right, shows it in the table, and names what somebody has spoilt', async () => {
  const { database } = cluster;
  const march = at(addMonths(first, 2));
  const check = (month?: MonthYear) => verify({ month, quick: false }, march);
  expect(await check()).toBe(0);
  const row = (await readMonthRows(march)).find(({ month }) => month === first);
  const place = { tier: 'warm', state: 'SEALED', shards: ['warm-1'], messages: 60 * 150, archive: null, work: null };
  expect(row).toMatchObject({ ...place, verifiedAt: new Date(await march.now()) });
  expect(row?.leftBytes).toBeLessThan(1_048_576);
  const messages = database.messages(first);
  const key = { monthYear: first, roomId: 'room-7', messageId: Long.fromNumber(3) };
  const slot = await messages.findOneAndDelete(key);
  await adminCommand(database, zoneCommand(messages.namespace, zoneRangeOf(first), null));
  await pauseBalancer(march, 'migrate-tiers');
  // As the balancer does where a range can neither be moved nor split.
  const chunks = database.db.client.db('config').collection('chunks');
  await chunks.updateMany({ 'min.monthYear': first, shard: 'warm-1' }, { $set: { jumbo: true } });
  cluster.takeSaid();
  const findings = new Findings();
  expect(await verify({ month: undefined, quick: false }, { ...march, findings })).toBe(4);
  await chunks.updateMany({}, { $unset: { jumbo: '' } });
  const said = cluster.takeSaid();
  expect(said).toContain("fault: a dead migrate-tiers had left MongoDB's balancer off");
  expect(said).toContain(`fault: ${first}: it was sealed with 9000 messages and has 8999`);
  expect(said).toContain(`fault: ${first}: 9060 records before, 9059 after`);
  expect(said).toContain(`fault: ${first}: it is warm and its range is in the zone (none)`);
  expect(said).toMatch(new RegExp(`fault: ${first}: \\d+ ranges of it on warm-1 are too large to move`));
  expect(findings.list()).toEqual(
    expect.arrayContaining([
      { kind: 'zone', count: 1 },
      { kind: 'jumbo', count: Number(/(\d+) ranges of it on warm-1 are/.exec(said)?.[1]) },
    ]),
  );
  expect(await audit({ repair: false }, march)).toBe(4);
  expect(cluster.takeSaid()).toContain(`room-7 in ${first}: slot 3`);
  if (slot) await messages.insertOne(slot);
  expect(await migrateTiers({ dryRun: false }, march)).toBe(0);
  expect(await check(first)).toBe(0);
  expect(await isBalancerOn(database)).toBe(true);
});

it('is taken over from a process that was killed while the balancer was off, by jobs of any kind', async () => {
  const { database } = cluster;
  const june = { NOW: '2024-06-15T00:00:00Z', MONGO_URI: cluster.uri };
  expect(await runKilled(['migrate-tiers'], { ...june, KILL_AT: 'migrate-tiers:moved' })).toMatchObject({
    code: 'SIGKILL',
  });
  expect(await isBalancerOn(database)).toBe(false);
  const kept = await database.jobRuns.findOne({ _id: 'migrate-tiers' });
  expect(kept?.run).not.toBe(kept?.ended?.run);
  const second = await runKilled(['migrate-tiers', '--json'], june);
  expect(second).toMatchObject({ code: 3, said: expect.stringContaining('migrate-tiers (process') as string });
  // As half a minute does.
  await database.leases.updateOne({ _id: 'jobs' }, { $set: { until: new Date(0) } });
  const other = await runKilled(['create-months', '--ahead', '0'], { ...june, NOW: '2024-01-15T00:00:00Z' });
  expect(other).toMatchObject({
    code: 0,
    said: expect.stringContaining('which a dead migrate-tiers had left off') as string,
  });
  expect(await isBalancerOn(database)).toBe(true);
  const third = await runKilled(['migrate-tiers', '--json'], june);
  expect(third).toMatchObject({ code: 0, said: expect.stringContaining('"tier":"cold"') as string });
  expect(new Set(await shardsOf(first))).toEqual(new Set(['cold-1']));
  expect(await verify({ month: first, quick: false }, cluster.context)).toBe(0);
});

it('leaves a balancer off that an operator has switched off, and stops when another run has claimed the month', async () => {
  const { database } = cluster;
  const second = addMonths(first, 1);
  const june = at(addMonths(first, 5));
  expect(await sealMonth({ month: second, dryRun: false }, june)).toBe(0);
  const before = await digestOf(second);
  await adminCommand(database, { balancerStop: 1 });
  const zombie = {
    ...june,
    async checkpoint(name: string) {
      if (name !== 'migrate-tiers:moved') return;
      const entry = await database.months.findOne({ monthYear: second });
      if (entry)
        await claimMonth(
          database,
          entry,
          { run: randomUUID(), job: 'migrate-tiers' },
          { step: 'claim', what: 'move it', reason: 'due' },
        );
    },
  };
  const lost = migrateTiers({ dryRun: false }, zombie);
  await expect(lost).rejects.toThrow(`${second} is no longer ours`);
  expect(new Set(await shardsOf(second))).toContain('hot-2');
  expect(await migrateTiers({ dryRun: false }, june)).toBe(0);
  expect(new Set([...(await shardsOf(first)), ...(await shardsOf(second))])).toEqual(new Set(['cold-1']));
  expect(await digestOf(second)).toEqual(before);
  expect(await isBalancerOn(database)).toBe(false);
  await adminCommand(database, { balancerStart: 1 });
});
