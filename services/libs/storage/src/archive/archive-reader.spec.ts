import { beforeAll, expect, it } from 'vitest';
import { collected } from '../../test/fixtures/collected.js';
import { MemoryArchiveStore } from '../../test/fixtures/memory-archive-store.js';
import { sampleRoom, writeSample } from '../../test/fixtures/sample-month.js';
import { ArchiveKeys } from './format/archive-keys.js';
import { ArchiveReader, type ArchiveReference } from './read/archive-reader.js';
import { ArchiveWalk } from './read/walk-archive.js';
import { canonicalLine } from './records/canonical-line.js';

const none = new ArchiveKeys();
const huge = sampleRoom('huge', 60_000);
const small = Array.from({ length: 300 }, (_, index) =>
  sampleRoom(`small-${String(index).padStart(3, '0')}`, index % 3),
);
const slots = [...huge, ...small.flat()];

/** All slots, archived once; each test that reads them does so from a store of its own. */
const archived = new MemoryArchiveStore();
let reference: ArchiveReference;

beforeAll(async () => {
  reference = await writeSample(archived, slots);
});

function storeOfAll(): MemoryArchiveStore {
  const store = new MemoryArchiveStore();
  for (const [key, object] of archived.objects) store.objects.set(key, object);
  return store;
}

it('reads a page of 50 with one ranged read once the index is known, and with none when it is read again', async () => {
  const store = storeOfAll();
  const month = await new ArchiveReader(store, none, 50_000_000).openMonth(reference);
  for (let id = 1; id < 60_000; id += 9_000) await month.readRange('huge', id, id);
  await month.readRange('small-299', 1, 2);
  for (let from = 500; from < 59_000; from += 700) {
    store.reads.length = 0;
    const page = await month.readRange('huge', from, from + 49);
    expect(page.map(({ messageId }) => Number(messageId))).toEqual(
      Array.from({ length: 50 }, (_, index) => from + index),
    );
    expect(store.reads.length).toBeLessThanOrEqual(1);
    store.reads.length = 0;
    await month.readRange('huge', from, from + 49);
    expect(store.reads).toEqual([]);
  }
});

it('opens a month of many blocks and reads a page of it with five reads', async () => {
  const store = new MemoryArchiveStore();
  const reference = await writeSample(store, slots, { dictionary: Buffer.from(canonicalLine(huge[0] as never)) });
  store.reads.length = 0;
  const month = await new ArchiveReader(store, none, 50_000_000).openMonth(reference);
  expect(await month.readRange('huge', 30_000, 30_049)).toHaveLength(50);
  expect(store.reads.filter(({ range }) => range === undefined).map(({ key }) => key)).toEqual([
    'sample/manifest',
    'sample/dictionary',
  ]);
  expect(store.reads).toHaveLength(5);
});

it('finds rooms of every size, and nothing of rooms that are not there', async () => {
  const store = new MemoryArchiveStore();
  const month = await new ArchiveReader(store, none, 50_000_000).openMonth(
    await writeSample(store, slots, { segmentBytes: 100_000 }),
  );
  expect(month.manifest.segments.length).toBeGreaterThan(5);
  expect(await month.boundsOf('huge')).toEqual({ firstId: 1, lastId: 60_001 });
  for (const [index, room] of small.entries()) {
    const roomId = `small-${String(index).padStart(3, '0')}`;
    expect((await month.readRange(roomId, 1, 100)).map(canonicalLine)).toEqual(room.map(canonicalLine));
    expect(await month.boundsOf(roomId)).toEqual({ firstId: 1, lastId: room.length });
  }
  for (const roomId of ['', 'a', 'hugf', 'small-0005', 'z']) {
    expect(await month.readRange(roomId, 1, 100)).toEqual([]);
    expect(await month.boundsOf(roomId)).toBeUndefined();
  }
  expect(await month.readRange('huge', 60_002, 70_000)).toEqual([]);
});

it('asks once for what several readers want at the same time', async () => {
  const store = storeOfAll();
  const month = await new ArchiveReader(store, none, 50_000_000).openMonth(reference);
  await month.readRange('huge', 1, 1);
  store.reads.length = 0;
  await Promise.all(Array.from({ length: 20 }, () => month.readRange('huge', 5_000, 5_049)));
  expect(store.reads.length).toBeLessThanOrEqual(2);
});

it('keeps no more in its cache than it was told to', async () => {
  const store = storeOfAll();
  const reads: string[] = [];
  const reader = new ArchiveReader(store, none, 1_000_000, (result) => void reads.push(result));
  const month = await reader.openMonth(reference);
  for (let from = 1; from < 60_000; from += 200) {
    await month.readRange('huge', from, from + 49);
    expect(reader.cachedBytes).toBeLessThanOrEqual(1_000_000);
  }
  expect(reads).toContain('miss');
  await month.readRange('huge', 1, 50);
  reads.length = 0;
  await month.readRange('huge', 1, 50);
  expect(new Set(reads)).toEqual(new Set(['hit']));
});

it('tries again after a read that failed', async () => {
  const store = storeOfAll();
  const month = await new ArchiveReader(store, none, 1_000_000).openMonth(reference);
  const object = store.objects.get('sample/0.segment') as Buffer;
  store.objects.delete('sample/0.segment');
  await expect(month.readRange('huge', 1, 50)).rejects.toMatchObject({ trouble: 'missing' });
  store.objects.set('sample/0.segment', object);
  expect(await month.readRange('huge', 1, 50)).toHaveLength(50);
});

it('says that a key is not given, and reads with a key that is no longer the first', async () => {
  const store = new MemoryArchiveStore();
  const old = { id: 'old', secret: new Uint8Array(32).fill(1) };
  const fresh = { id: 'new', secret: new Uint8Array(32).fill(2) };
  const reference = await writeSample(store, slots.slice(0, 500), { keys: new ArchiveKeys([old]) });
  const reader = (keys: ArchiveKeys): ArchiveReader => new ArchiveReader(store, keys, 1_000_000);
  await expect(reader(new ArchiveKeys([fresh])).openMonth(reference)).rejects.toMatchObject({ trouble: 'noKey' });
  const month = await reader(new ArchiveKeys([fresh, old])).openMonth(reference);
  expect(await month.readRange('huge', 1, 50)).toHaveLength(50);
  const wrong = new ArchiveKeys([{ id: 'old', secret: fresh.secret }]);
  await expect(reader(wrong).openMonth(reference)).rejects.toMatchObject({ trouble: 'damaged' });
  for (const object of store.objects.values()) expect(object.includes('that was said')).toBe(false);
});

it('counts rooms, marks and holes, and refuses records out of order', async () => {
  const store = new MemoryArchiveStore();
  const room = sampleRoom('r', 10);
  const { written } = await writeSample(store, [...room.slice(0, 4), ...room.slice(6)], { folder: 'holes' });
  expect(written.segments[0]).toMatchObject({ records: 9, messages: 8, seals: 1, voids: 0, rooms: 1, holes: 2 });
  const swapped = [room[1], room[0]] as typeof room;
  await expect(writeSample(store, swapped, { folder: 'swapped' })).rejects.toMatchObject({ trouble: 'misused' });
  const rooms = [...sampleRoom('b', 1), ...sampleRoom('a', 1)];
  await expect(writeSample(store, rooms, { folder: 'rooms' })).rejects.toMatchObject({ trouble: 'misused' });
  expect(await collected(store.list('swapped/'))).toEqual([]);
});

it('walks on from any segment, so that a stopped copy can go on behind the last one', async () => {
  const store = new MemoryArchiveStore();
  const reference = await writeSample(store, slots, { segmentBytes: 300_000 });
  const walk = await ArchiveWalk.open(reference, store, none);
  const [, second] = walk.manifest.segments;
  if (!second) throw new Error('one segment only');
  const records = await collected(walk.records(second));
  expect(records).toHaveLength(second.records);
  expect(records.at(-1)).toMatchObject({ roomId: second.last.roomId });
});
