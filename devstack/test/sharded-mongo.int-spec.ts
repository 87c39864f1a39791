import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BSON, type Collection, type Db, type Document, MinKey, MongoClient, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ShardedMongo, startShardedMongo, waitUntil } from '../src/index.js';

const MONTH = '2026-11';
const NEXT = '2026-12';
const KEY = { monthYear: 1, roomId: 'hashed' } as const;

let dataDir = '';
let cluster: ShardedMongo;
let client: MongoClient;
let admin: Db;
let db: Db;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'parlance-sharded-'));
  cluster = await startShardedMongo({ dataDir });
  client = new MongoClient(cluster.uri);
  admin = client.db('admin');
  db = client.db('chat');
  await admin.command({ enableSharding: 'chat', primaryShard: 'hot-1' });
});

afterAll(async () => {
  await client?.close();
  await cluster?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test('the shards stand in the zones of their tiers, and the driver sees a router', async () => {
  const { shards } = await admin.command({ listShards: 1 });
  expect((shards as Document[]).map(({ _id, tags }) => `${_id} ${tags}`)).toEqual([
    'hot-1 hot',
    'hot-2 hot',
    'warm-1 warm',
    'cold-1 cold',
  ]);
  expect(await admin.command({ hello: 1 })).toMatchObject({ msg: 'isdbgrid', isWritablePrimary: true });
  expect((await admin.command({ buildInfo: 1 }))['version']).toBe(cluster.version);
  await expect(client.withSession(async () => undefined)).resolves.toBeUndefined();
});

test('a driver that watches the router is content with what it hears', async () => {
  const watching = new MongoClient(cluster.uri, { heartbeatFrequencyMS: 500 });
  onTestFinished(() => watching.close());
  const heard: boolean[] = [];
  const failures: string[] = [];
  watching.on('serverHeartbeatSucceeded', ({ awaited }) => heard.push(awaited));
  watching.on('serverHeartbeatFailed', ({ failure }) => failures.push(failure.message));
  watching.on('connectionPoolCleared', () => failures.push('cleared'));
  await watching.connect();
  await expect.poll(() => heard.filter((awaited) => awaited).length).toBeGreaterThan(2);
  expect(failures).toEqual([]);
});

test('an unsharded collection lies on the primary shard and does what a collection does', async () => {
  const leases = db.collection<{ _id: string; holder: string; epoch: number }>('leases', {
    writeConcern: { w: 'majority' },
  });
  await leases.createIndex({ holder: 1 }, { unique: true, name: 'holder' });
  await leases.insertMany([
    { _id: 'a', holder: 'one', epoch: 1 },
    { _id: 'b', holder: 'two', epoch: 1 },
  ]);
  const guarded = { _id: 'a', $expr: { $gt: ['$$NOW', new Date(0)] } };
  expect((await leases.updateOne(guarded, { $inc: { epoch: 1 } })).modifiedCount).toBe(1);
  expect((await leases.updateOne({ _id: 'c' }, { $set: { holder: 'x', epoch: 9 } }, { upsert: true })).upsertedId).toBe(
    'c',
  );
  expect(
    await leases.findOneAndUpdate({ _id: 'a' }, { $inc: { epoch: 1 } }, { returnDocument: 'after' }),
  ).toMatchObject({ epoch: 3 });
  expect((await leases.deleteOne({ _id: 'c' })).deletedCount).toBe(1);
  await expect(leases.insertOne({ _id: 'd', holder: 'one', epoch: 1 })).rejects.toMatchObject({ code: 11_000 });
  expect(await leases.distinct('holder')).toEqual(expect.arrayContaining(['one', 'two']));
  expect(await leases.countDocuments({ epoch: { $gt: 1 } })).toBe(1);
  expect(await leases.estimatedDocumentCount()).toBe(2);
  const strictest = { readConcern: { level: 'linearizable' }, maxTimeMS: 10_000 } as const;
  expect(await leases.findOne({ _id: 'a' }, strictest)).toMatchObject({ holder: 'one' });
  expect((await leases.listIndexes().toArray()).map(({ name }) => name as string)).toEqual(['_id_', 'holder']);
  const onPrimaryShard = await direct('hot-1', (shard) => shard.collection('leases').countDocuments());
  expect(onPrimaryShard).toBe(2);
});

test('a month is spread over the hot shards, keeps its unique indexes and is read over many batches', async () => {
  const month = await shardedMonth('messages_spread');
  expect(await chunksOf('messages_spread')).toMatchObject({ 'hot-1': 4, 'hot-2': 4 });
  await month.insertMany(messages(3_000), { ordered: false, writeConcern: { w: 'majority' } });

  await expect(month.insertOne({ ...message(1), _id: 'another' })).rejects.toMatchObject({ code: 11_000 });
  const seen = new Set<string>();
  for await (const { _id } of month.find({}, { readConcern: { level: 'majority' } }).batchSize(70)) seen.add(_id);
  expect(seen.size).toBe(3_000);
  const grouped = month.aggregate([{ $sort: { n: 1 } }, { $match: { n: { $gt: 1_000 } } }]).batchSize(70);
  expect((await grouped.toArray()).map(({ n }) => n as number)).toEqual(
    Array.from({ length: 2_000 }, (_, n) => n + 1_001),
  );
  const filter = { monthYear: MONTH, roomId: 'room-1' };
  const { queryPlanner } = await month.find(filter).explain();
  expect(queryPlanner.winningPlan.stage).toBe('SINGLE_SHARD');
  expect(
    await month.findOneAndUpdate({ ...filter, n: 1 }, { $set: { seen: true } }, { returnDocument: 'after' }),
  ).toMatchObject({ seen: true });
  await expect(month.findOneAndUpdate({ n: 1 }, { $set: { seen: true } })).rejects.toMatchObject({ code: 61 });
  await expect(month.createIndex({ roomId: 1, n: 1 }, { unique: true })).rejects.toMatchObject({ code: 67 });
});

test('a cursor that is closed early leaves none behind on the shards', async () => {
  const month = await shardedMonth('messages_closed');
  await month.insertMany(messages(500), { ordered: false });
  const cursor = month.find().batchSize(10);
  await cursor.next();
  const idle = [
    { $currentOp: { idleCursors: true, allUsers: true } },
    { $match: { type: 'idleCursor', ns: 'chat.messages_closed' } },
  ];
  expect(await admin.aggregate(idle).toArray()).not.toEqual([]);

  await cursor.close();

  expect(await admin.aggregate(idle).toArray()).toEqual([]);
});

test('chunks move, reads stay whole, and the balancer can be stopped and asked', async () => {
  const month = await shardedMonth('messages_moving');
  await month.insertMany(messages(500), { ordered: false });
  await admin.command({ balancerStop: 1 });
  await expect.poll(() => admin.command({ balancerStatus: 1 })).toMatchObject({ mode: 'off', inBalancerRound: false });
  const chunks = await chunksWithin('messages_moving');
  const [range, chunk] = chunks.filter(({ shard }) => shard === 'hot-1');

  await admin.command({ moveRange: 'chat.messages_moving', min: range?.['min'], toShard: 'warm-1' });
  expect(await month.countDocuments()).toBe(500);
  await admin.command({ moveChunk: 'chat.messages_moving', bounds: [chunk?.['min'], chunk?.['max']], to: 'hot-2' });
  expect(await month.countDocuments()).toBe(500);

  expect(await chunksOf('messages_moving')).toMatchObject({ 'hot-1': 2, 'hot-2': 5, 'warm-1': 1 });
  await month.createIndex({ n: 1 }, { name: 'n' });
  const named = async (shard: Db): Promise<boolean> => shard.collection('messages_moving').indexExists('n');
  expect(await Promise.all(['hot-1', 'hot-2', 'warm-1'].map((name) => direct(name, named)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(await admin.command({ balancerCollectionStatus: 'chat.messages_moving' })).toMatchObject({ ok: 1 });
  await admin.command({ balancerStart: 1 });
  expect(await admin.command({ balancerStatus: 1 })).toMatchObject({ mode: 'full' });
});

test('a collection is only dropped under its own UUID, and a view in its place takes no inserts', async () => {
  const month = await shardedMonth('messages_dropped');
  await month.insertMany(messages(50), { ordered: false });
  const [listed] = await db.listCollections({ name: 'messages_dropped' }, { nameOnly: false }).toArray();
  const uuid = listed?.info?.uuid;
  await expect(db.command({ drop: 'messages_dropped', collectionUUID: new BSON.UUID() })).rejects.toMatchObject({
    code: 361,
  });
  expect(await month.countDocuments()).toBe(50);

  await db.command({ drop: 'messages_dropped', collectionUUID: uuid });
  await db.createCollection('messages_dropped', { viewOn: 'leases', pipeline: [{ $match: { _id: 'a' } }] });

  expect(await month.find().toArray()).toHaveLength(1);
  await expect(month.insertOne(message(1))).rejects.toMatchObject({ code: 166 });
});

test('a clustered collection can be sharded, and documents of it validated', async () => {
  await db.createCollection('messages_clustered', { clusteredIndex: { key: { _id: 1 }, unique: true } });
  const month = await shardedMonth('messages_clustered');
  await db.command({ collMod: 'messages_clustered', validator: { monthYear: MONTH } });
  await month.insertMany(messages(100), { ordered: false });
  await expect(month.insertOne({ ...message(7), n: 700 })).rejects.toMatchObject({ code: 11_000 });
  await expect(month.insertOne({ ...message(8), _id: 'x', monthYear: NEXT, n: 800 })).rejects.toMatchObject({
    code: 121,
  });
  const clustered = await direct('hot-2', (shard) => shard.listCollections({ name: 'messages_clustered' }).toArray());
  expect(clustered[0]).toMatchObject({ options: { clusteredIndex: { unique: true } } });
});

test('a chunk can be split at a key, and a sharded collection renamed', async () => {
  const month = await shardedMonth('messages_split');
  await month.insertMany(messages(50), { ordered: false });
  const middle = { monthYear: MONTH, roomId: BSON.Long.fromNumber(12_345) };
  await admin.command({ split: 'chat.messages_split', middle });
  expect(await chunksWithin('messages_split')).toHaveLength(9);
  await admin.command({ renameCollection: 'chat.messages_split', to: 'chat.messages_renamed' });
  expect(await db.collection('messages_renamed').countDocuments()).toBe(50);
  expect(await month.countDocuments()).toBe(0);
});

test('what there is and how large it is comes from all shards', async () => {
  const { databases } = await admin.command({ listDatabases: 1, nameOnly: true });
  expect(databases).toEqual(expect.arrayContaining([{ name: 'chat' }, { name: 'config' }]));
  expect(await db.command({ collStats: 'messages_spread' })).toMatchObject({ sharded: true, count: 3_000 });
  const stats = db
    .collection('messages_spread')
    .aggregate([{ $collStats: { storageStats: {} } }, { $sort: { shard: 1 } }]);
  expect((await stats.toArray()).map(({ shard }) => shard as string)).toEqual(
    expect.arrayContaining(['hot-1', 'hot-2']),
  );
  expect((await db.stats())['objects']).toBeGreaterThanOrEqual(3_000);
  await expect(db.command({ noSuchCommand: 1 })).rejects.toMatchObject({ code: 59 });
});

test('what a shard server would not survive is refused, and all of them live on', async () => {
  const leases = db.collection('leases');
  const pids = cluster.nodes.map(({ pid }) => pid);
  await expect(leases.watch().tryNext()).rejects.toThrow('$changeStream');
  await expect(
    db.command({ explain: { update: 'leases', updates: [{ q: {}, u: { $set: { a: 1 } } }] } }),
  ).rejects.toMatchObject({
    code: 115,
  });
  await expect(db.command({ find: 'leases', txnNumber: BSON.Long.ONE })).rejects.toMatchObject({ code: 20 });
  expect(cluster.nodes.map(({ running, pid }) => (running ? pid : 0))).toEqual(pids);
});

test('a router that was killed and restarted serves the same client again', async () => {
  await cluster.router.kill();
  await cluster.router.restart();
  expect(await soon(() => db.collection('messages_spread').countDocuments())).toBe(3_000);
});

test('a shard that dies is an error while it is away and nothing is lost when it is back', async () => {
  const month = db.collection<Message>('messages_spread');
  const [hot] = cluster.shards;
  const primary = await hot?.primary();
  await primary?.kill();
  await expect(month.find().maxTimeMS(2_000).toArray()).rejects.toThrow(MongoServerError);
  await primary?.restart();
  expect(await soon(() => month.countDocuments())).toBe(3_000);
  expect((await soon(() => month.insertMany(messages(100, 3_000), { ordered: false }))).insertedCount).toBe(100);
});

test('the shard that routes may die as well: another one does it', async () => {
  const routing = cluster.shards.at(-1);
  await (await routing?.primary())?.kill();
  expect(await soon(() => db.collection('leases').countDocuments())).toBe(2);
  await routing?.nodes[0]?.restart();
  expect(await soon(() => db.collection('messages_spread').countDocuments())).toBe(3_100);
});

test('a cluster that was stopped comes back on its ports with its data', async () => {
  const { uri } = cluster;
  await cluster.stop();
  await expect(startShardedMongo({ dataDir, shards: { hot: 3 } })).rejects.toThrow('Start it as it was');
  cluster = await startShardedMongo({ dataDir });
  expect(cluster.uri).toBe(uri);
  expect(await soon(() => db.collection('messages_spread').countDocuments())).toBe(3_100);
  await db.dropDatabase();
  expect(await db.listCollections().toArray()).toEqual([]);
});

interface Message {
  readonly _id: string;
  readonly monthYear: string;
  readonly roomId: string;
  readonly n: number;
}

function messages(count: number, after = 0): Message[] {
  return Array.from({ length: count }, (_, index) => message(after + index + 1));
}

function message(n: number): Message {
  return { _id: `${n}`, monthYear: MONTH, roomId: `room-${n % 50}`, n };
}

/** As the product makes a month: indexes, the zone up to the next month, eight chunks. */
async function shardedMonth(name: string): Promise<Collection<Message>> {
  const month = db.collection<Message>(name);
  await month.createIndexes([
    { key: KEY, name: 'shard_key' },
    { key: { monthYear: 1, roomId: 1, n: 1 }, unique: true, name: 'slot' },
  ]);
  const [min, max] = [MONTH, NEXT].map((monthYear) => ({ monthYear, roomId: new MinKey() }));
  await admin.command({ updateZoneKeyRange: `chat.${name}`, min, max, zone: 'hot' });
  await admin.command({ shardCollection: `chat.${name}`, key: KEY, presplitHashedZones: true, numInitialChunks: 8 });
  return month;
}

/** How many of the chunks within the month each shard has. */
async function chunksOf(name: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { shard } of await chunksWithin(name)) counts[shard as string] = (counts[shard as string] ?? 0) + 1;
  return counts;
}

async function chunksWithin(name: string): Promise<readonly Document[]> {
  const books = client.db('config');
  const entry = await books.collection<Document & { _id: string }>('collections').findOne({ _id: `chat.${name}` });
  return books.collection('chunks').find({ uuid: entry?.['uuid'], 'min.monthYear': MONTH }).toArray();
}

async function direct<T>(shardName: string, use: (db: Db) => Promise<T>): Promise<T> {
  const shard = cluster.shards.find(({ name }) => name === shardName);
  const own = new MongoClient(shard?.uri ?? '');
  try {
    return await use(own.db('chat'));
  } finally {
    await own.close();
  }
}

/** The first answer that is none of a passing fault's errors. */
function soon<T>(ask: () => Promise<T>): Promise<T> {
  return waitUntil(ask, { what: 'an answer from the cluster', timeoutMs: 40_000, everyMs: 100 });
}
