import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServers, readLogs, startRedis } from '@parlance/devstack';
import {
  ArchiveKeys,
  ArchiveWalk,
  beginEmptying,
  canBeHeld,
  canonicalLine,
  durable,
  endEmptying,
  FileArchiveStore,
  type MonthYear,
  parseLine,
  type SlotDocument,
} from '@parlance/storage';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { monthRecords } from '../../src/archive/month-records.js';
import {
  archiveMonths,
  createMonths,
  type EraseUserOptions,
  eraseUser,
  exitCode,
  type JobContext,
  restoreMonth,
  scrubArchive,
  sealMonth,
  verify,
} from '../../src/index.js';
import { linesOf } from '../fixtures/archive-world.js';
import { killAtEach } from '../fixtures/kill-at.js';
import { runJob } from '../fixtures/run-job.js';
import { startCluster, type TestCluster } from '../fixtures/start-cluster.js';
import { talk } from '../fixtures/talk.js';
import { filesWith } from '../fixtures/texts-in-folder.js';

const [dropped, inGrace, restored, sealed, open] = ['01', '02', '03', '04', '05'].map((each) => `2024-${each}`) as [
  MonthYear,
  MonthYear,
  MonthYear,
  MonthYear,
  MonthYear,
];
const months: readonly MonthYear[] = [dropped, inGrace, restored, sealed, open];
const day = 24 * 3_600_000;
const bodyHashKey = 'k'.repeat(32);
let cluster: TestCluster;
let folder: string;
let redisServers: RedisServers;
let redis: Redis;
let now = Date.parse('2024-01-15T00:00:00Z');

function context(others: Partial<JobContext> = {}): JobContext {
  const { config, ...quiet } = cluster.context;
  const redisNodes = [{ host: '127.0.0.1', port: redisServers.nodes[0]?.port ?? 0 }];
  const archived = { archiveDriver: 'file', archivePath: join(folder, 'archive') } as const;
  return { ...quiet, config: { ...config, ...archived, bodyHashKey, redisNodes }, now: async () => now, ...others };
}

const archive = (...asked: MonthYear[]) =>
  archiveMonths({ months: asked, dryRun: false, segmentBytes: 30_000 }, context());

const erase = (userId: string, each: JobContext = context(), others: Partial<EraseUserOptions> = {}) =>
  eraseUser({ userId, dryRun: false, settleMs: 0, segmentBytes: 30_000, ...others }, each);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlance-erase-'));
  [cluster, redisServers] = await Promise.all([
    startCluster({ warm: 0 }),
    startRedis({ mode: 'single', dataDir: join(folder, 'redis') }),
  ]);
  redis = new Redis({ port: redisServers.nodes[0]?.port ?? 0 });
  const { database } = cluster;
  await createMonths({ ahead: 4, dryRun: false }, context());
  await talk(database, months, { 'room-0': 6, 'room-1': 6, 'room-2': 6, 'room-3': 2 });
  now = Date.parse('2024-05-15T00:00:00Z');
  for (const month of [dropped, inGrace, restored, sealed]) await sealMonth({ month, dryRun: false }, context());
  await archive(dropped);
  now += day;
  await archive(dropped);
  await archive(inGrace);
  await archive(restored);
  await restoreMonth({ month: restored, live: true, dryRun: false }, context());
  cluster.takeSaid();
});
afterAll(async () => {
  redis.disconnect();
  await Promise.all([cluster[Symbol.asyncDispose](), redisServers.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** Expects that a job has done all, and tells what it said where it has not. */
async function ends(job: Promise<number>): Promise<void> {
  cluster.takeSaid();
  const code = await job;
  expect({ code, said: code === exitCode.done ? '' : cluster.takeSaid() }).toEqual({ code: exitCode.done, said: '' });
}

const entryOf = (month: MonthYear) => cluster.database.months.findOne({ monthYear: month });

/** Lines of a month where it is read, and of its copy in the archive where it has one. */
async function linesAt(month: MonthYear): Promise<{ readonly read: string[]; readonly copy: string[] | undefined }> {
  const entry = await entryOf(month);
  const copy = entry?.archive && (await linesOf(recordsOf(await walkOf(entry.archive))));
  const collection = () => linesOf(monthRecords(cluster.database, month, AbortSignal.timeout(60_000)));
  return { read: entry?.archive?.droppedAt ? (copy ?? []) : await collection(), copy };
}

function walkOf(copy: { readonly manifest: string; readonly rootHash: string }): Promise<ArchiveWalk> {
  return ArchiveWalk.open(copy, new FileArchiveStore(join(folder, 'archive'), randomUUID), new ArchiveKeys());
}

async function* recordsOf(walk: ArchiveWalk): AsyncGenerator<SlotDocument> {
  for (const segment of walk.manifest.segments) yield* walk.records(segment);
}

/** Everything that MongoDB and Redis hold, by where it lies. */
async function placesWith(text: string): Promise<string[]> {
  const places: string[] = [];
  for (const { name, type } of await cluster.database.db.listCollections().toArray()) {
    if (type === 'view') continue;
    for await (const document of cluster.database.db.collection(name).find())
      if (JSON.stringify(document).includes(text)) places.push(name);
  }
  for (const key of await redis.keys('*'))
    if ((await redis.zrange(key, 0, '-1')).some((each) => each.includes(text))) places.push(key);
  return [...new Set(places), ...(await filesWith(text, join(folder, 'archive')))];
}

/** A shard logs every command from now on, as it does by itself with slow ones. */
async function logEveryCommand(uri: string): Promise<void> {
  await using client = new MongoClient(uri);
  await client.db('parlance').command({ profile: 0, slowms: -1, sampleRate: 1 });
}

/** What a line of a message of bob's has become: everything but its place, time and sender is gone. */
function emptied(line: string, after: string): string {
  const { _id, monthYear, roomId, messageId, timestamp, senderId } = parseLine(line) as never as Record<
    string,
    unknown
  >;
  const { clientMessageId, erasedAt } = parseLine(after) as never as Record<string, unknown>;
  expect(clientMessageId).toMatch(/^#/);
  expect(erasedAt).toBeInstanceOf(Date);
  const gone = { bodyHash: '', content: '', messageType: 'text' };
  return canonicalLine({
    _id,
    monthYear,
    roomId,
    messageId,
    timestamp,
    senderId,
    clientMessageId,
    ...gone,
    erasedAt,
  } as never);
}

it('erases a user in collections, in the archive and in what followed it, killed at every step', async () => {
  await redis.zadd('chat:room:{room-0}:messages:0', 1, JSON.stringify({ content: 'secret-of-bob' }));
  const before = new Map(await Promise.all(months.map(async (month) => [month, await linesAt(month)] as const)));
  const manifests = new Map(
    (await Promise.all(months.map(entryOf))).map((entry) => [entry?.monthYear, entry?.archive]),
  );
  const found = (await placesWith('secret-of-bob')).map((place) => place.replace(/\d{5}\.segment$/, 'segment'));
  expect(new Set(found)).toEqual(
    new Set([
      ...[inGrace, restored, sealed, open].map((month) => `messages_${month.replace('-', '_')}`),
      'room_events',
      'chat:room:{room-0}:messages:0',
      ...[dropped, inGrace, restored].map((month) => `months/${month}/e3/segment`),
    ]),
  );

  for (const { uri } of cluster.mongo.shards) await logEveryCommand(uri);
  cluster.takeSaid();
  const file = join(folder, 'certificate.json');
  const { ends: killedAt, result } = await killAtEach(context(), (each) => erase('bob', each, { certificate: file }));
  expect(result).toBe(exitCode.done);
  const steps = [
    ['noting', 'purged', 'claimed', 'segment', 'comparing', 'compared', 'manifest', 'flipping', 'granted', 'flipped'],
    ['cleaned', 'folded', 'followed', 'emptied', 'events'],
  ];
  expect(new Set(killedAt)).toEqual(new Set(steps.flat().map((name) => `erase-user:${name}`)));

  expect(await placesWith('secret-of-bob')).toEqual([]);
  const logs = await readLogs(cluster.dataDir);
  expect(logs).toContain('Slow query');
  for (const said of [cluster.takeSaid(), logs, await readLogs(folder)]) expect(said).not.toContain('secret-of-bob');
  for (const month of months) {
    const [was, is] = [before.get(month), await linesAt(month)];
    if (!was) throw new Error(month);
    const wanted = was.read.map((line, index) =>
      line.includes('secret-of-bob') ? emptied(line, is.read[index] ?? '') : line,
    );
    expect(is.read).toEqual(wanted);
    expect(is.copy ?? is.read).toEqual(is.read);
  }
  const certificate = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  expect(certificate).toMatchObject({ userId: 'bob', held: {} });
  const isEmptied = (month: MonthYear) =>
    before.get(month)?.read.filter((line) => line.includes('secret-of-bob')).length;
  expect(certificate['emptied']).toEqual({
    collections: Object.fromEntries([inGrace, restored, sealed, open].map((month) => [month, isEmptied(month)])),
    archives: Object.fromEntries(
      await Promise.all(
        [dropped, inGrace, restored].map(async (month) => [
          month,
          { messages: isEmptied(month), manifest: (await entryOf(month))?.archive?.manifest },
        ]),
      ),
    ),
  });
  for (const month of [dropped, inGrace, restored]) {
    const entry = await entryOf(month);
    expect(entry?.archive).toMatchObject({ manifestVersion: 2, flippedAt: manifests.get(month)?.flippedAt });
    expect(entry?.archive?.manifest).not.toBe(manifests.get(month)?.manifest);
    expect(entry?.work).toBeUndefined();
  }
  cluster.takeSaid();
  expect(await scrubArchive({ dryRun: false }, context())).toBe(exitCode.done);
  expect(cluster.takeSaid()).not.toContain('belong to no archive');
  for (const month of [dropped, inGrace, sealed, open]) await ends(verify({ month, quick: false }, context()));
});

it('changes nothing when it runs again, and refuses to write over a certificate', async () => {
  const state = async () =>
    JSON.stringify(await cluster.database.months.find({}, { sort: { monthYear: 1 } }).toArray());
  const before = await state();
  expect(await erase('bob')).toBe(exitCode.done);
  expect(cluster.takeSaid()).toContain('nothing that bob has said');
  expect(await state()).toBe(before);
  await expect(erase('bob', context(), { certificate: join(folder, 'certificate.json') })).rejects.toThrow(
    'is there already',
  );
});

it('is in no backup that is written afterwards', async () => {
  const env = { MONGO_URI: cluster.uri, ARCHIVE_DRIVER: 'file', ARCHIVE_PATH: join(folder, 'backups') };
  expect(await runJob(['backup'], env)).toMatchObject({ code: exitCode.done });
  expect(await filesWith('text-of-ann', join(folder, 'backups'))).not.toEqual([]);
  expect(await filesWith('secret-of-bob', join(folder, 'backups'))).toEqual([]);
});

it('leaves a room whose hold is set when all else is ready, and takes it when the hold is gone', async () => {
  const { database } = cluster;
  const hold = { name: 'Case 42', by: 'counsel', since: new Date() };
  const setHold = (roomId: string) =>
    database.rooms.updateOne({ roomId }, { $set: { 'policy.legalHold': hold } }, durable());
  const checkpoint = async (name: string): Promise<void> => {
    if (name === 'erase-user:flipping') await setHold('room-1');
  };
  expect(await erase('ann', context({ checkpoint }))).toBe(exitCode.found);
  const roomsWith = async (month: MonthYear) =>
    new Set(
      (await linesAt(month)).read.filter((line) => line.includes('text-of-ann')).map((line) => parseLine(line).roomId),
    );
  for (const month of months) expect(await roomsWith(month)).toEqual(new Set(['room-1']));
  expect((await entryOf(dropped))?.archive?.manifestVersion).toBe(3);
  expect(await canBeHeld(database, 'room-1')).toBe(true);
  await database.rooms.updateOne({ roomId: 'room-1' }, { $unset: { policy: '' } }, durable());
  await ends(erase('ann'));
  expect(await placesWith('text-of-ann')).toEqual([]);
});

it('has a hold wait for whoever empties a room, also for one who has died', async () => {
  const { database } = cluster;
  const right = await beginEmptying(database, ['room-0', 'room-2'], 'one', 60_000);
  expect(right.held).toEqual(new Map());
  expect(right.until.getTime()).toBeGreaterThan(Date.now() + 30_000);
  expect(await canBeHeld(database, 'room-0')).toBe(false);
  // The first has died; whoever comes after it ends, and what is left of the first is waited for still.
  await beginEmptying(database, ['room-0'], 'two', 1);
  await endEmptying(database, ['room-0'], 'two');
  expect(await canBeHeld(database, 'room-0')).toBe(false);
  expect((await database.rooms.findOne({ roomId: 'room-0' }))?.emptying?.until).toEqual(right.until);
  await endEmptying(database, ['room-2'], 'one');
  expect(await canBeHeld(database, 'room-2')).toBe(true);
  expect(await database.rooms.findOne({ roomId: 'room-2' })).not.toHaveProperty('emptying');
});
