import { testDatabase } from '@parlance/devstack';
import { createLogger } from '@parlance/runtime';
import { announceService, clearRestoreMark, readRunningServices, setRestoreMark } from '@parlance/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectMongo, type MongoConnection } from '../../src/mongo/connect-mongo.js';
import { ServiceAnnouncement } from '../../src/service-announcement.js';
import { failCommands } from '../fixtures/fail-commands.js';

const logger = createLogger({ name: 'pod', level: 'silent' });
let connection: MongoConnection;
beforeAll(async () => {
  connection = await connectMongo(await testDatabase(), logger, new AbortController().signal);
});
afterAll(async () => {
  await connection.database.db.dropDatabase();
  await connection.close();
});

it('shows a pod from before its first write until after its last, and forgets those that died long ago', async () => {
  const { database } = connection;
  await announceService(database, { token: 'dead', holder: 'chat-service (killed)', lastsMs: -1 });
  const one = new ServiceAnnouncement(database, logger, 'one');
  const two = new ServiceAnnouncement(database, logger, 'two');
  expect(await readRunningServices(database)).toEqual([]);
  await one.begin();
  await two.begin();
  await two.begin();
  expect(await readRunningServices(database)).toMatchObject([
    { holder: expect.stringContaining(`process ${process.pid}`) as string },
    {},
  ]);
  expect(await database.leases.countDocuments()).toBe(2);
  await one.end();
  await two.end();
  expect(await database.leases.countDocuments()).toBe(0);
});

it('is unwell from an announcement that no majority has confirmed to the next one that it has', async () => {
  const pod = new ServiceAnnouncement(connection.database, logger, 'pod');
  await pod.begin();
  expect(() => pod.requireConfirmed()).not.toThrow();
  const writeConcernError = { code: 64, errmsg: 'waiting for replication timed out' };
  {
    await using _ = await failCommands(connection.database, { failCommands: ['update'], writeConcernError });
    await expect(pod.begin()).rejects.toThrow('replication');
    expect(() => pod.requireConfirmed()).toThrow(
      'a majority did not confirm a write: waiting for replication timed out',
    );
  }
  await pod.begin();
  expect(() => pod.requireConfirmed()).not.toThrow();
  await pod.end();
});

it('waits for a restore that has not ended, and is not seen meanwhile', async () => {
  const { database } = connection;
  const pod = new ServiceAnnouncement(database, logger, 'pod');
  await setRestoreMark(database, { chain: 'c', sequence: 3, epoch: 1 });
  await expect(pod.begin()).rejects.toThrow('the restore of backup 3 of chain c has not ended');
  expect(await readRunningServices(database)).toEqual([]);
  await clearRestoreMark(database);
  await pod.begin();
  expect(await readRunningServices(database)).toHaveLength(1);
  await pod.end();
});
