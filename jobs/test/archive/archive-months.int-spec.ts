import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ArchiveWalk, createMonth, type MonthYear, messageCollectionName } from '@parlance/storage';
import { Long } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ArchiveMonthsOptions, archiveMonths, type JobContext } from '../../src/index.js';
import { type ArchiveWorld, dyingAt, startArchiveWorld } from '../fixtures/archive-world.js';
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
});

const run = (others: Partial<JobContext> = {}, options: Partial<ArchiveMonthsOptions> = {}) =>
  archiveMonths({ months: [], dryRun: false, segmentBytes: 4_000, ...options }, world.context(others));
const insertStray = () => writeMessages(world.database, 'stray', month, 1);

async function expectDone(): Promise<void> {
  const entry = await world.entry();
  expect(entry).toMatchObject({ state: 'ARCHIVED', tier: 'archive' });
  expect(entry.work).toBeUndefined();
  expect(entry.archive?.droppedAt).toBeInstanceOf(Date);
  expect(await world.archivedLines()).toEqual(lines);
  await expect(insertStray()).rejects.toMatchObject({ code: 166 });
}

it('copies a month, sends readers to the archive, and a day later drops the collection for a view', async () => {
  expect(await run()).toBe(0);
  expect(await world.archivedLines()).toEqual(lines);
  expect(await world.entry()).toMatchObject({ state: 'ARCHIVED', tier: 'archive', archive: { manifestVersion: 1 } });
  expect(await world.database.messages(month).countDocuments()).toBe(lines.length);
  world.server.takeSaid();

  expect(await run()).toBe(0);
  expect(world.server.takeSaid()).toMatch(/nothing to do.*stays in MongoDB until/);
  world.now += day - 1;
  expect(await run()).toBe(0);
  expect(await world.database.messages(month).countDocuments()).toBe(lines.length);

  world.now += 1;
  expect(await run()).toBe(0);
  await expectDone();
  await expect(
    world.database.messages(month).find({ monthYear: month, roomId: 'big' }).toArray(),
  ).rejects.toMatchObject({
    code: 241,
  });
  world.server.takeSaid();
  expect(await run()).toBe(0);
  expect(world.server.takeSaid()).toMatch(/nothing to do: no month is due/);
});

it('prints its plan with reasons, and with --dry-run changes nothing', async () => {
  const before = await world.entry();
  expect(await run({}, { dryRun: true })).toBe(0);
  expect(world.server.takeSaid()).toMatch(
    /^1\. copy \d{4}-\d\d into the archive.*\n {3}because it is SEALED, on hot storage/,
  );
  expect(await world.entry()).toEqual(before);
});

const copySteps = ['claimed', 'segment', 'verifying', 'verified', 'manifest', 'flipping', 'flipped'];
const dropSteps = ['deleting', 'checked', 'dropped', 'view', 'done'];

it.each([...copySteps, ...dropSteps])('goes on after it was killed at %s, and loses nothing', async (step) => {
  if (dropSteps.includes(step)) {
    await run();
    world.now += day;
  }
  const { checkpoint, died } = dyingAt(`archive-months:${step}`, step === 'segment' ? 3 : 1);
  await expect(run({ checkpoint })).rejects.toThrow('died at');
  expect(died()).toBe(true);
  const { state } = await world.entry();
  expect(state).toBe(step === 'flipped' || dropSteps.includes(step) ? 'ARCHIVED' : 'SEALED');
  const copied = (await world.entry()).work?.memo['segments'];

  let segments = 0;
  const counting = { checkpoint: async (name: string) => void (segments += name === 'archive-months:segment' ? 1 : 0) };
  expect(await run(counting)).toBe(0);
  const { archive } = await world.entry();
  const named = await manifestKeys(archive?.manifest ?? '');
  // What a memo names is not copied again; the first memo of a run names what there was.
  expect(segments).toBe(dropSteps.includes(step) || step === 'flipped' ? 0 : named.length - lengthOf(copied));
  expect(await world.archivedLines()).toEqual(lines);
  world.now += day;
  expect(await run()).toBe(0);
  await expectDone();
  const stored: string[] = [];
  for await (const { key } of world.store.list('')) stored.push(key);
  expect(stored.toSorted()).toEqual(named.toSorted());
});

it('stops a run that was overtaken, at the next step and at the flip', async () => {
  for (const step of ['segment', 'manifest', 'flipping']) {
    lines = await world.sealedMonth();
    let overtaken = false;
    const checkpoint = async (name: string): Promise<void> => {
      if (name !== `archive-months:${step}` || overtaken) return;
      overtaken = true;
      await run();
    };
    await expect(run({ checkpoint })).rejects.toThrow('another job changed it');
    expect(await world.archivedLines()).toEqual(lines);
    expect((await world.entry()).epoch).toBe(4);
  }
});

it('does not drop what stands there after another run has archived and somebody restored the month', async () => {
  await run();
  world.now += day;
  let woken = false;
  const checkpoint = async (name: string): Promise<void> => {
    if (name !== 'archive-months:checked' || woken) return;
    woken = true;
    await run();
    await world.database.db.dropCollection(messageCollectionName(month));
    await createMonth(world.database, month);
    await insertStray();
  };
  await expect(run({ checkpoint })).rejects.toThrow(/another collection/);
  expect(await world.database.messages(month).countDocuments()).toBe(1);
});

it('flips nothing when the collection is not what was copied or sealed', async () => {
  const { database } = world;
  const slot = { monthYear: month, roomId: 'big' };
  const changes: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ['verifying', 'differs from', () => database.messages(month).updateOne(slot, { $set: { content: 'changed' } })],
    [
      'verifying',
      'fewer records|differs from',
      () => database.messages(month).deleteOne({ roomId: 'room-9', kind: 'seal' }),
    ],
    ['verifying', 'records behind', () => writeMessages(database, 'zzz', month, 1)],
    ['claimed', 'holes', () => database.messages(month).deleteOne({ ...slot, messageId: Long.fromNumber(300) })],
    ['claimed', 'when it was sealed', () => writeMessages(database, 'zzz', month, 1)],
  ];
  for (const [at, complaint, change] of changes) {
    await world.sealedMonth();
    const checkpoint = async (name: string): Promise<void> => {
      if (name === `archive-months:${at}`) await change();
    };
    await expect(run({ checkpoint })).rejects.toThrow(new RegExp(complaint));
    expect(await world.entry()).toMatchObject({ state: 'SEALED' });
  }
});

it('flips nothing when the store does not have what it was given', async () => {
  const spoil = async (name: string): Promise<void> => {
    if (name !== 'archive-months:verifying') return;
    const [segment] = ((await world.entry()).work?.memo['segments'] ?? []) as { key: string; bytes: number }[];
    if (!segment) throw new Error('no segment');
    await world.store.delete(segment.key);
    await world.store.put(segment.key, Buffer.alloc(segment.bytes));
  };
  await expect(run({ checkpoint: spoil })).rejects.toThrow(/the archive is damaged: .*segment/);
  expect(await world.entry()).toMatchObject({ state: 'SEALED' });
});

it('drops nothing when the archive was damaged in the grace', async () => {
  await run();
  world.now += day;
  const { archive } = await world.entry();
  const [, segment] = await manifestKeys(archive?.manifest ?? '');
  if (!segment) throw new Error('no segment');
  const object = await world.store.get(segment);
  object[200] = (object[200] ?? 0) ^ 1;
  await world.store.delete(segment);
  await world.store.put(segment, object);
  await expect(run()).rejects.toThrow(/the archive is damaged/);
  expect(await world.database.messages(month).countDocuments()).toBe(lines.length);
});

it('refuses without an archive, a month that is open, and one that nobody knows', async () => {
  expect(await archiveMonths({ months: [], dryRun: false }, world.context({ env: { ARCHIVE_DRIVER: 'none' } }))).toBe(
    3,
  );
  await world.database.months.updateOne({ monthYear: month }, { $set: { state: 'OPEN' } });
  expect(await run({}, { months: [month] })).toBe(3);
  expect(await run({}, { months: ['1999-01' as MonthYear] })).toBe(3);
  expect(await run()).toBe(0);
});

it('says that the target is full, flips nothing, and goes on when there is room', async () => {
  await using small = await smallDisk();
  if (!small) return;
  const env = { ARCHIVE_PATH: small.path };
  const options = { months: [], dryRun: false, segmentBytes: 4_000 };
  await expect(archiveMonths(options, world.context({ env }))).rejects.toThrow('the archive has no room left');
  const stopped = await world.entry();
  expect(stopped).toMatchObject({ state: 'SEALED', work: { job: 'archive-months' } });
  expect(stopped.work?.memo['segments']).not.toEqual([]);
  await small.grow();
  expect(await archiveMonths(options, world.context({ env }))).toBe(0);
  expect(await world.entry()).toMatchObject({ state: 'ARCHIVED' });
});

function lengthOf(segments: unknown): number {
  return Array.isArray(segments) ? segments.length : 0;
}

async function manifestKeys(manifest: string): Promise<string[]> {
  const walk = await ArchiveWalk.open({ manifest }, world.store, world.keys);
  return [manifest, ...walk.manifest.segments.map(({ key }) => key)];
}

/** A file system of 12 KiB; where none may be mounted the test says so. */
async function smallDisk(): Promise<(AsyncDisposable & { readonly path: string; grow(): Promise<void> }) | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'parlance-small-disk-'));
  const command = promisify(execFile);
  try {
    await command('mount', ['-t', 'tmpfs', '-o', 'size=12k', 'tmpfs', path]);
  } catch {
    process.stderr.write('NOT TESTED: a full disk under the archive; only root may mount a small file system.\n');
    return undefined;
  }
  return {
    path,
    grow: async () => void (await command('mount', ['-o', 'remount,size=4m', path])),
    async [Symbol.asyncDispose]() {
      await command('umount', [path]);
      await rm(path, { recursive: true });
    },
  };
}
