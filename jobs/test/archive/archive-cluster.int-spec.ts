import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArchiveKeys, ArchiveReader, canonicalLine, FileArchiveStore, type MonthYear } from '@parlance/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { monthRecords } from '../../src/archive/month-records.js';
import {
  archiveMonths,
  createMonths,
  type JobContext,
  migrateTiers,
  restoreMonth,
  sealMonth,
  verify,
} from '../../src/index.js';
import { readChunks } from '../../src/mongo/cluster/cluster-shards.js';
import { linesOf } from '../fixtures/archive-world.js';
import { type ClusterDatabase, sharedClusterDatabase } from '../fixtures/cluster-database.js';
import { fillMonth } from '../fixtures/fill-month.js';
import { killAtEach } from '../fixtures/kill-at.js';
import { writeMessages } from '../fixtures/write-rooms.js';

const month = '2024-01' as MonthYear;
const day = 24 * 3_600_000;
let cluster: ClusterDatabase;
let folder: string;
let now = Date.parse('2024-01-15T00:00:00Z');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlance-archive-'));
  cluster = await sharedClusterDatabase();
});
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function context(): JobContext {
  const { config, ...others } = cluster.context;
  return { ...others, config: { ...config, archiveDriver: 'file', archivePath: folder }, now: async () => now };
}

const lines = () => linesOf(monthRecords(cluster.database, month, AbortSignal.timeout(60_000)));
const archive = (each: JobContext) => archiveMonths({ months: [], dryRun: false, segmentBytes: 40_000 }, each);
const entryOf = () => cluster.database.months.findOne({ monthYear: month });

async function shards(): Promise<Set<string>> {
  const chunks = (await readChunks(cluster.database, cluster.database.messages(month).namespace)) ?? [];
  return new Set(chunks.filter(({ min }) => min['monthYear'] === month).map(({ shard }) => shard));
}

it('archives a month of cold shards and brings it back there, killed at every step', async () => {
  const { database } = cluster;
  await createMonths({ ahead: 0, dryRun: false }, context());
  await fillMonth(database, month, { rooms: 40, messages: 12 });
  now = Date.parse('2024-07-15T00:00:00Z');
  expect(await sealMonth({ month, dryRun: false }, context())).toBe(0);
  expect(await migrateTiers({ dryRun: false }, context())).toBe(0);
  expect(await shards()).toEqual(new Set(['cold-1']));
  const before = await lines();
  expect(before).toHaveLength(40 * 13);

  now = Date.parse('2025-06-15T00:00:00Z');
  const copied = await killAtEach(context(), archive);
  expect(copied).toMatchObject({ result: 0 });
  expect(await entryOf()).toMatchObject({ state: 'ARCHIVED', tier: 'archive' });
  expect(await lines()).toEqual(before);
  now += day;
  const dropped = await killAtEach(context(), archive);
  expect(dropped.ends).toEqual(
    ['deleting', 'checked', 'dropped', 'view', 'done'].map((name) => `archive-months:${name}`),
  );
  await expect(writeMessages(database, 'stray', month, 1)).rejects.toMatchObject({ code: 166 });
  await expect(lines()).rejects.toMatchObject({ name: 'MongoServerError' });
  expect(await shards()).toEqual(new Set());
  expect(await verify({ month, quick: false }, context())).toBe(0);

  const { archive: reference } = (await entryOf()) ?? {};
  if (!reference) throw new Error('no archive');
  const opened = await new ArchiveReader(new FileArchiveStore(folder, randomUUID), new ArchiveKeys(), 1e6).openMonth(
    reference,
  );
  const page = await opened.readRange('room-7', 1, 50);
  expect(page.map(canonicalLine)).toEqual(before.filter((line) => line.includes('"roomId":"room-7"')));

  const restored = await killAtEach(context(), (each) => restoreMonth({ month, live: true, dryRun: false }, each));
  expect(restored).toMatchObject({ result: 0 });
  expect(await lines()).toEqual(before);
  expect(await shards()).toEqual(new Set(['cold-1']));
  expect(await verify({ month, quick: false }, context())).toBe(0);
});
