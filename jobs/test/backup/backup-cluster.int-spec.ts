import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatDatabase, type MonthYear } from '@parlance/storage';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMonths, exitCode, readMonthRows } from '../../src/index.js';
import { type ClusterDatabase, sharedClusterDatabase } from '../fixtures/cluster-database.js';
import { runJob } from '../fixtures/run-job.js';
import { writeMessages, writeRoom } from '../fixtures/write-rooms.js';

let cluster: ClusterDatabase;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlance-backup-'));
  cluster = await sharedClusterDatabase();
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const month = '2024-01' as MonthYear;

const jobs = (database: ChatDatabase, ...argv: readonly string[]) =>
  runJob(argv, {
    MONGO_URI: cluster.uri.replace(cluster.database.db.databaseName, database.db.databaseName),
    ARCHIVE_DRIVER: 'file',
    ARCHIVE_PATH: folder,
  });

async function slotsOf(database: ChatDatabase): Promise<readonly Document[]> {
  const sort = { monthYear: 1, roomId: 1, messageId: 1 } as const;
  return await database.messages(month).find({}, { sort, promoteValues: false }).toArray();
}

it('backs up a sharded database and puts it back, sharded, into another', async () => {
  const { database } = cluster;
  const now = () => Promise.resolve(Date.parse(`${month}-15T00:00:00Z`));
  await createMonths({ ahead: 0, dryRun: false }, { ...cluster.context, now });
  for (let index = 0; index < 30; index++) await writeRoom(database, `room-${index}`, month, 20);
  expect(await jobs(database, 'backup')).toMatchObject({ code: exitCode.done });
  for (let index = 0; index < 30; index += 3) await writeMessages(database, `room-${index}`, month, 5, 21);
  expect(await jobs(database, 'backup')).toMatchObject({
    code: exitCode.done,
    said: expect.stringContaining('30 rooms and 50 records') as string,
  });

  const restored = new ChatDatabase(database.db.client.db(`${database.db.databaseName}_restored`));
  expect(await jobs(restored, 'restore-backup')).toMatchObject({ code: exitCode.done });
  expect(await slotsOf(restored)).toEqual(await slotsOf(database));
  const [row] = await readMonthRows({ database: restored, config: cluster.context.config });
  expect(row).toMatchObject({ month, tier: 'hot', shards: ['hot-1', 'hot-2'], messages: 650 });
  expect(await jobs(restored, 'restore-backup', '--replace')).toMatchObject({ code: exitCode.done });
  expect(await slotsOf(restored)).toEqual(await slotsOf(database));
  await restored.db.dropDatabase();
});
