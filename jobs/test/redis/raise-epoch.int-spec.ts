import { logEpochOf, monthOf, raiseLogEpoch, readServerClock } from '@parlance/storage';
import { Long } from 'mongodb';
import { beforeEach, expect, it } from 'vitest';
import { exitCode, raiseEpoch } from '../../src/index.js';
import { shareDatabase } from '../fixtures/share-database.js';
import type { TestDatabase } from '../fixtures/start-database.js';
import { writeRoom } from '../fixtures/write-rooms.js';

let server: TestDatabase;
shareDatabase((database) => (server = database));
beforeEach(async () => {
  for (const collection of await server.database.db.collections()) await collection.deleteMany({});
  for (const roomId of ['cake', 'tea']) await writeRoom(server.database, roomId, monthOf(Date.UTC(2026, 0)), 0);
});

const run = (options: { roomId?: string; dryRun?: boolean } = {}) =>
  raiseEpoch({ roomId: options.roomId, dryRun: options.dryRun ?? false }, server.context);
const epochs = async (): Promise<number[]> => {
  const rooms = await server.database.rooms.find().sort({ roomId: 1 }).toArray();
  return rooms.map(logEpochOf);
};

it("raises the epochs of all rooms, or of one, to MongoDB's time, and changes nothing else", async () => {
  const created = Date.UTC(2026, 0);
  const before = await server.database.rooms.findOne({ roomId: 'cake' });
  expect(await run({ dryRun: true })).toBe(exitCode.done);
  expect(await run({ roomId: 'nobody' })).toBe(exitCode.refused);
  expect(await epochs()).toEqual([created, created]);

  const start = await readServerClock(server.database);
  expect(await run({ roomId: 'cake' })).toBe(exitCode.done);
  const [cake = 0, tea] = await epochs();
  expect([cake >= start, tea]).toEqual([true, created]);
  expect(await server.database.rooms.findOne({ roomId: 'cake' })).toEqual({ ...before, logEpoch: cake });

  expect(await run()).toBe(exitCode.done);
  const [again = 0, both] = await epochs();
  expect([again > cake, both]).toEqual([true, again]);
});

it('never uses an epoch twice, even where the clock stands behind those of the rooms', async () => {
  const future = Date.UTC(2050, 0);
  await server.database.rooms.updateOne({ roomId: 'tea' }, { $set: { logEpoch: Long.fromNumber(future) } });
  await run();
  expect(await epochs()).toEqual([future + 1, future + 1]);
});

it('goes on where an earlier call ended, and raises once for all who have found the same', async () => {
  const { epoch } = await raiseLogEpoch(server.database, { roomId: 'cake' });
  expect(await raiseLogEpoch(server.database, { epoch })).toEqual({ epoch, rooms: 1 });
  expect(await epochs()).toEqual([epoch, epoch]);

  const found = await Promise.all(
    Array.from({ length: 5 }, () => raiseLogEpoch(server.database, { roomId: 'tea', from: epoch })),
  );
  expect(found.reduce((sum, { rooms }) => sum + rooms, 0)).toBe(1);
  expect((await epochs())[0]).toBe(epoch);
});
