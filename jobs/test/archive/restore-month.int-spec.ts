import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ChatDatabase, type MonthYear, messageCollectionName } from '@parlance/storage';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { monthRecords } from '../../src/archive/month-records.js';
import {
  archiveMonths,
  type JobContext,
  type RestoreMonthOptions,
  restoreMonth,
  scrubArchive,
} from '../../src/index.js';
import { type ArchiveWorld, dyingAt, linesOf, startArchiveWorld } from '../fixtures/archive-world.js';
import { writeMessages } from '../fixtures/write-rooms.js';

const day = 24 * 3_600_000;
let world: ArchiveWorld;
let month: MonthYear;
let lines: readonly string[];

beforeAll(async () => {
  world = await startArchiveWorld();
  month = world.month;
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  lines = await world.sealedMonth();
  await world.database.db.client.db('elsewhere').dropDatabase();
});

const archive = () => archiveMonths({ months: [], dryRun: false, segmentBytes: 4_000 }, world.context());

/** Archived, and dropped from MongoDB. */
async function archivedMonth(): Promise<void> {
  await archive();
  world.now += day;
  await archive();
  world.server.takeSaid();
}

const restore = (options: Partial<RestoreMonthOptions> = {}, others: Partial<JobContext> = {}) =>
  restoreMonth({ month, live: true, dryRun: false, ...options }, world.context(others));
const scrub = () => scrubArchive({ dryRun: false }, world.context());
const liveLines = (database = world.database) => linesOf(monthRecords(database, month, AbortSignal.timeout(60_000)));

async function expectLive(): Promise<void> {
  const entry = await world.entry();
  expect(entry).toMatchObject({ state: 'SEALED', tier: 'cold' });
  expect(entry.work).toBeUndefined();
  expect(await liveLines()).toEqual(lines);
  const indexes = await world.database.messages(month).indexes();
  expect(new Set(indexes.map(({ name }) => name))).toEqual(new Set(['_id_', 'client_message_id', 'slot']));
  const [found] = await world.database.db.listCollections({ name: messageCollectionName(month) }).toArray();
  expect(found && 'info' in found && found.info?.uuid?.toString('hex')).toBe(entry.collectionUUID?.toString('hex'));
}

it('puts a month into another database, and touches nothing that services use', async () => {
  await archivedMonth();
  const before = await world.entry();
  expect(await restore({ live: false, into: 'elsewhere' })).toBe(0);
  const elsewhere = new ChatDatabase(world.database.db.client.db('elsewhere'));
  expect(await liveLines(elsewhere)).toEqual(lines);
  expect(await world.entry()).toEqual(before);
  expect(await restore({ live: false, into: 'elsewhere' })).toBe(0);
  await elsewhere.messages(month).updateOne({ roomId: 'big' }, { $set: { content: 'changed' } });
  await expect(restore({ live: false, into: 'elsewhere' })).rejects.toThrow('differs from');
});

it('brings a month back for readers, which then stays until somebody asks for it to be archived again', async () => {
  await archivedMonth();
  expect(await restore({ dryRun: true })).toBe(0);
  expect(await world.entry()).toMatchObject({ state: 'ARCHIVED' });
  expect(await restore()).toBe(0);
  await expectLive();
  world.server.takeSaid();
  expect(await restore()).toBe(0);
  expect(world.server.takeSaid()).toMatch(/nothing to do/);
  expect(await archive()).toBe(0);
  await expectLive();

  expect(await archiveMonths({ months: [month], dryRun: false }, world.context())).toBe(0);
  expect(await world.entry()).toMatchObject({ state: 'ARCHIVED', archive: { manifestVersion: 2 } });
  expect(await world.archivedLines()).toEqual(lines);
  expect(await scrub()).toBe(0);
});

it('takes the collection that still stands in the grace, after it was compared', async () => {
  await archive();
  expect(await restore()).toBe(0);
  await expectLive();

  await archiveMonths({ months: [month], dryRun: false }, world.context());
  await world.database.messages(month).deleteOne({ roomId: 'room-3' });
  await expect(restore()).rejects.toThrow(/differs from|fewer/);
  expect(await world.entry()).toMatchObject({ state: 'ARCHIVED' });
});

const steps = ['claimed', 'view-dropped', 'created', 'batch', 'comparing', 'compared', 'done'];

it.each(steps)('goes on after it was killed at %s, and loses nothing', async (step) => {
  await archivedMonth();
  const { checkpoint, died } = dyingAt(`restore-month:${step}`);
  await expect(restore({}, { checkpoint })).rejects.toThrow('died at');
  expect(died()).toBe(true);
  expect(await world.entry()).toMatchObject({ state: step === 'done' ? 'SEALED' : 'ARCHIVED' });
  expect(await restore()).toBe(0);
  await expectLive();
});

it('stops a run that was overtaken, and leaves what nobody registered as it is', async () => {
  await archivedMonth();
  let overtaken = false;
  const checkpoint = async (name: string): Promise<void> => {
    if (name !== 'restore-month:compared' || overtaken) return;
    overtaken = true;
    await restore();
  };
  await expect(restore({}, { checkpoint })).rejects.toThrow('another job changed it');
  await expectLive();

  lines = await world.sealedMonth();
  await archivedMonth();
  await world.database.db.dropCollection(messageCollectionName(month));
  await writeMessages(world.database, 'stray', month, 1);
  await expect(restore()).rejects.toThrow('nobody registered');
  expect(await world.database.messages(month).countDocuments()).toBe(1);
});

it('scrubs: nothing to say of a sound archive, and each damaged or missing object by name', async () => {
  await archivedMonth();
  expect(await scrub()).toBe(0);
  expect(world.server.takeSaid()).toMatch(/is as it was archived: \d+ objects/);
  expect((await world.entry()).verifiedAt?.getTime()).toBe(world.now);
  const soundAt = world.now;
  world.now += 60_000;
  const keys: string[] = [];
  for await (const { key } of world.store.list('')) keys.push(key);
  const [first, second] = keys.filter((key) => key.endsWith('.segment'));
  if (!first || !second) throw new Error('one segment only');
  const object = await world.store.get(first);
  object[object.length - 1] = (object.at(-1) ?? 0) ^ 1;
  await world.store.delete(first);
  await world.store.put(first, object);
  await world.store.delete(second);
  await world.store.put('months/1999-01/e1/00000.segment', Buffer.from('left behind'));
  expect(await scrub()).toBe(4);
  const said = world.server.takeSaid();
  expect(said).toContain(first);
  expect(said).toContain(`${second} is not there`);
  expect(said).toContain('1 objects with 11 bytes belong to no archive');
  expect((await world.entry()).verifiedAt?.getTime()).toBe(soundAt);
  await expect(restore()).rejects.toThrow(/the archive is damaged|is missing/);
  expect(await world.entry()).toMatchObject({ state: 'ARCHIVED' });
  const manifest = keys.find((key) => key.endsWith('manifest')) ?? '';
  await world.store.delete(manifest);
  expect(await scrub()).toBe(4);
  expect(world.server.takeSaid()).toContain(manifest);
});

it('tells what was begun in the archive and never finished, and sweeps it away when it is a day old', async () => {
  await archivedMonth();
  const keys = async () => (await collected(world.store.list(''))).map(({ key }) => key);
  const before = await keys();
  const uploads = await Promise.all(
    ['months/2020-01/e1/0.segment', 'backups/c/000001/rooms'].map((key) => world.store.upload(key)),
  );
  for (const upload of uploads) await upload.write(Buffer.from('never finished'));
  expect(await scrub()).toBe(0);
  expect(world.server.takeSaid()).not.toContain('left behind');
  world.now = Date.now() + day + 60_000;
  expect(await scrub()).toBe(0);
  expect(world.server.takeSaid()).toContain(
    '2 unfinished uploads with 28 bytes were left behind; --sweep removes them',
  );
  const sweep = (dryRun: boolean) => scrubArchive({ dryRun, sweep: true }, world.context());
  expect(await sweep(true)).toBe(0);
  expect(world.server.takeSaid()).toContain('remove 2 unfinished uploads with 28 bytes');
  expect(await collected(world.store.unfinished())).toHaveLength(2);
  expect(await sweep(false)).toBe(0);
  expect(world.server.takeSaid()).toContain('removed 2 unfinished uploads with 28 bytes');
  expect(await collected(world.store.unfinished())).toEqual([]);
  expect(await keys()).toEqual(before);
  expect(await world.archivedLines()).toEqual(lines);
  await Promise.all(uploads.map((upload) => upload.abort()));
});

async function collected<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

it('scrubs on where the store may not list what was never finished, and does not sweep there', async () => {
  await archivedMonth();
  const partial = join(world.context().config.archivePath ?? '', '.partial');
  await rm(partial, { recursive: true, force: true });
  await symlink('.partial', partial);
  expect(await scrub()).toBe(0);
  const said = world.server.takeSaid();
  expect(said).toMatch(/uploads that were never finished are not looked for: .*ELOOP/);
  expect(said).toMatch(/is as it was archived/);
  await expect(scrubArchive({ dryRun: false, sweep: true }, world.context())).rejects.toThrow('did not answer');
});
