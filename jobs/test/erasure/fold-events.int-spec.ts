import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServers, startRedis } from '@parlance/devstack';
import {
  ArchiveWalk,
  canonicalLine,
  createCollections,
  createMonth,
  durable,
  endOfMonth,
  type MonthYear,
  parseLine,
  readDictionary,
} from '@parlance/storage';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  applyRetention,
  archiveMonths,
  eraseUser,
  exitCode,
  foldEvents,
  type JobContext,
  sealMonth,
} from '../../src/index.js';
import { type ArchiveWorld, dyingAt, linesOf, startArchiveWorld } from '../fixtures/archive-world.js';
import { runJob } from '../fixtures/run-job.js';
import { talk } from '../fixtures/talk.js';

const day = 24 * 3_600_000;
let world: ArchiveWorld;
let month: MonthYear;
let folder: string;
let redis: RedisServers;
const env = { BODY_HASH_KEY: 'k'.repeat(32) };
beforeAll(async () => {
  world = await startArchiveWorld();
  month = world.month;
  folder = await mkdtemp(join(tmpdir(), 'parlance-fold-'));
  redis = await startRedis({ mode: 'single', dataDir: folder });
});
afterAll(async () => {
  await Promise.all([world[Symbol.asyncDispose](), redis.stop()]);
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => archived({ a: 500, b: 300, c: 4 }));

/** A month in the archive, encrypted and dropped, in which ann and bob have talked so much in each room. */
async function archived(messages: Readonly<Record<string, number>>): Promise<void> {
  const { database } = world;
  await rm(world.path, { recursive: true, force: true });
  await database.db.dropDatabase();
  await createCollections(database);
  await createMonth(database, month);
  await talk(database, [month], messages);
  await sealMonth({ month, dryRun: false }, jobs());
  world.now = Date.now();
  for (let run = 0; run < 2; run++) {
    await archiveMonths({ months: [month], dryRun: false, segmentBytes: 2_000 }, jobs());
    world.now += day;
  }
  world.server.takeSaid();
}

const jobs = (others: Partial<JobContext> = {}): JobContext => {
  return world.context({ env: { ...env, REDIS_NODES: `127.0.0.1:${redis.nodes[0]?.port}` }, ...others });
};
const erase = (userId: string, others: Partial<JobContext> = {}) =>
  eraseUser({ userId, dryRun: false, settleMs: 0, segmentBytes: 2_000 }, jobs(others));
const fold = (others: Partial<JobContext> = {}) => foldEvents({ dryRun: false, segmentBytes: 2_000 }, jobs(others));

/** Rooms in which a text is left, and whether the store holds just what the manifest names. */
async function left(text: string): Promise<string[]> {
  const { archive } = await world.entry();
  if (!archive) throw new Error('no archive');
  const walk = await ArchiveWalk.open(archive, world.store, world.keys);
  const named = [archive.manifest, ...walk.manifest.segments.map(({ key }) => key)];
  const stored: string[] = [];
  for await (const { key } of world.store.list('months/')) stored.push(key);
  expect(stored.toSorted()).toEqual(named.toSorted());
  const rooms = new Set<string>();
  for (const segment of walk.manifest.segments) {
    for (const line of await linesOf(walk.records(segment))) if (line.includes(text)) rooms.add(parseLine(line).roomId);
  }
  return [...rooms];
}

async function noteOnly(userId: string): Promise<void> {
  const { checkpoint } = dyingAt('erase-user:purged');
  await expect(erase(userId, { checkpoint })).rejects.toThrow('died at');
}

function hold(roomId: string, name: string | undefined): Promise<unknown> {
  const legalHold = { name, by: 'counsel', since: new Date(5) };
  const update = name === undefined ? { $unset: { policy: '' } } : { $set: { policy: { legalHold } } };
  return world.database.rooms.updateOne({ roomId }, update as never, durable());
}

it('carries out an erasure whose run has died, in an encrypted archive, and notes up to when', async () => {
  const others = (await world.archivedLines()).filter((line) => !line.includes('secret-of-bob'));
  expect(others).toHaveLength(402 + 3);
  await noteOnly('bob');
  expect(await left('secret-of-bob')).toEqual(['a', 'b', 'c']);
  world.server.takeSaid();
  expect(await fold()).toBe(exitCode.done);
  expect(world.server.takeSaid()).toContain('402 messages emptied, now at months/');
  expect(await left('secret-of-bob')).toEqual([]);
  const lines = await world.archivedLines();
  expect(lines.filter((line) => !line.includes('erasedAt'))).toEqual(others);
  expect(lines).toHaveLength(804 + 3);
  const { foldedThrough, archive, work } = await world.entry();
  expect({ foldedThrough, version: archive?.manifestVersion, work }).toEqual({
    foldedThrough: new Date(world.now),
    version: 2,
    work: undefined,
  });
  expect(await fold()).toBe(exitCode.done);
  expect(world.server.takeSaid()).toContain('no erasure waits');
  expect(await world.entry()).toMatchObject({ foldedThrough, archive });
  // What is noted of it is looked at again, and nothing is written for it.
  expect(await erase('bob')).toBe(exitCode.done);
  expect((await world.entry()).archive).toEqual(archive);
});

it('names a hold, folds the other rooms, and says nothing is folded from then on until the hold is gone', async () => {
  await noteOnly('bob');
  await hold('b', 'Case 42');
  expect(await fold()).toBe(exitCode.found);
  expect(world.server.takeSaid()).toContain('"Case 42"');
  expect(await left('secret-of-bob')).toEqual(['b']);
  expect((await world.entry()).foldedThrough?.getTime()).toBeLessThan(world.now);
  await hold('b', undefined);
  // One that comes when the copy is ready is named as well.
  const late = async (name: string): Promise<void> => {
    if (name === 'fold-events:flipping') await hold('b', 'Case 43');
  };
  const before = await world.entry();
  expect(await fold({ checkpoint: late })).toBe(exitCode.found);
  expect(world.server.takeSaid()).toContain('"Case 43"');
  expect(await left('secret-of-bob')).toEqual(['b']);
  expect(await world.entry()).toMatchObject({ archive: before.archive, foldedThrough: before.foldedThrough });
  await hold('b', undefined);
  expect(await fold()).toBe(exitCode.done);
  expect(await left('secret-of-bob')).toEqual([]);
});

it('does not go on with the copy of a run that was about somebody else', async () => {
  await expect(erase('bob', dyingAt('erase-user:segment', 3))).rejects.toThrow('died at');
  await erase('ann');
  expect(await left('text-of-ann')).toEqual([]);
  expect(await left('secret-of-bob')).toEqual(['a', 'b', 'c']);
  await expect(erase('bob', dyingAt('erase-user:segment', 3))).rejects.toThrow('died at');
  let segments = 0;
  await erase('bob', { checkpoint: async (name) => void (segments += name === 'erase-user:segment' ? 1 : 0) });
  const { archive } = await world.entry();
  const { manifest } = await ArchiveWalk.open(archive ?? never(), world.store, world.keys);
  // The memo of the third checkpoint named two segments; the first of a run names what there was.
  expect(segments).toBe(manifest.segments.length - 2 + 1);
  expect(await left('secret-of-bob')).toEqual([]);
});

it('makes the dictionary of an archive anew, which is of what people have said', async () => {
  await archived({ big: 10_100 });
  const dictionary = async () => {
    const { archive } = await world.entry();
    const { manifest } = await ArchiveWalk.open(archive ?? never(), world.store, world.keys);
    return (await readDictionary(world, month, manifest.dictionary ?? never())).toString();
  };
  expect(await dictionary()).toContain('secret-of-bob');
  expect(await erase('bob')).toBe(exitCode.done);
  expect(await dictionary()).not.toContain('secret-of-bob');
  expect(await dictionary()).toContain('text-of-ann');
});

it('changes nothing and takes nothing away when it wakes up after other runs are done', async () => {
  for (const step of ['claimed', 'segment', 'manifest', 'granted', 'flipped']) {
    await archived({ a: 10, b: 10 });
    let done: unknown;
    const checkpoint = async (name: string): Promise<void> => {
      if (name !== `erase-user:${step}` || done !== undefined) return;
      done = null;
      await erase('bob');
      // Another one writes the month anew once more.
      await erase('ann');
      done = await world.entry();
    };
    const ending = await erase('bob', { checkpoint }).then(String, (thrown: Error) => thrown.message);
    expect(ending).toMatch(/another job|is missing/);
    expect(await world.entry()).toEqual(done);
    expect(await left('-of-')).toEqual([]);
    expect(await world.archivedLines()).toHaveLength(22);
  }
});

it('erases by age in the archive, and leaves a room whose hold came late', async () => {
  world.now = endOfMonth(month) + 40 * day;
  const apply = (others: Partial<JobContext> = {}) =>
    applyRetention(
      { dryRun: false, undo: undefined },
      jobs({ ...others, config: { ...jobs().config, retentionDays: 30 } }),
    );
  expect(await apply()).toBe(exitCode.done);
  world.now += 31 * day;
  const late = async (name: string): Promise<void> => {
    if (name === 'apply-retention:flipping') await hold('c', 'Case 44');
  };
  expect(await apply({ checkpoint: late })).toBe(exitCode.found);
  expect(world.server.takeSaid()).toContain('"Case 44"');
  expect(await left('-of-')).toEqual(['c']);
  await hold('c', undefined);
  expect(await apply()).toBe(exitCode.done);
  expect(await left('-of-')).toEqual([]);
  expect(await left('clientMessageId')).toEqual([]);
  expect(await apply()).toBe(exitCode.done);
  expect(world.server.takeSaid()).toContain('nothing to do');
});

it('restores a backup that names an archive which was written anew since', async () => {
  const run = (...argv: string[]) => runJob(argv, { ...world.variables, ...env });
  expect((await run('backup')).code).toBe(exitCode.done);
  await erase('bob');
  const { archive } = await world.entry();
  expect(await run('restore-backup', '--replace')).toMatchObject({ code: exitCode.done });
  const { droppedAt: _at, flippedAt: _flipped, ...copy } = archive ?? never();
  expect((await world.entry()).archive).toMatchObject(copy);
  expect(await left('secret-of-bob')).toEqual([]);
  expect((await world.archivedLines()).map((line) => canonicalLine(parseLine(line)))).toHaveLength(807);
});

function never(): never {
  throw new Error('no archive');
}
