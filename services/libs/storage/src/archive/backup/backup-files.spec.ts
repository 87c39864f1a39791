import { Double, Int32, Long, ObjectId } from 'mongodb';
import { expect, test } from 'vitest';
import { collected } from '../../../test/fixtures/collected.js';
import { MemoryArchiveStore } from '../../../test/fixtures/memory-archive-store.js';
import type { MonthYear } from '../../documents/month.js';
import { ArchiveKeys } from '../format/archive-keys.js';
import { type BackupManifest, decodeBackup, encodeBackup } from './backup-manifest.js';
import { type DocumentsPlace, readDocuments, writeDocuments } from './documents-file.js';

const month = '2026-11' as MonthYear;
const secret = new Uint8Array(32).fill(9);
const kinds = [
  { name: 'plain', keys: new ArchiveKeys() },
  { name: 'encrypted', keys: new ArchiveKeys([{ id: 'k1', secret }]) },
];
const document = (index: number) => ({
  _id: new ObjectId(),
  roomId: `room ${index}\n"ψ"`,
  head: Long.fromNumber(2 ** 40 + index),
  count: new Int32(index),
  ratio: new Double(1),
  at: new Date(1_700_000_000_000 + index),
  long: 'x'.repeat(5_000),
});

test.each(kinds)('documents come back as they were, $name', async ({ keys }) => {
  const place: DocumentsPlace = { store: new MemoryArchiveStore(), keys, month };
  const documents = Array.from({ length: 600 }, (_, index) => document(index));
  const entry = await writeDocuments('a/rooms', documents, place);
  expect(entry).toMatchObject({ documents: 600 });
  expect(entry.parts.length).toBeGreaterThan(2);
  expect(await collected(readDocuments(entry, place))).toEqual(documents);
  const none = await writeDocuments('a/none', [], place);
  expect(await collected(readDocuments(none, place))).toEqual([]);
});

test.each(kinds)('a flipped bit anywhere in a file or manifest is found, $name', async ({ keys }) => {
  const store = new MemoryArchiveStore();
  const place: DocumentsPlace = { store, keys, month };
  const entry = await writeDocuments('a/rooms', [document(1), document(2)], place);
  const { bytes } = encodeBackup({ format: 'parlance-backup', formatVersion: 1, month } as BackupManifest, keys);
  const stored = await store.get('a/rooms');
  for (let at = 0; at < stored.length; at++) {
    const spoiled = Buffer.from(stored);
    spoiled[at] = (spoiled[at] ?? 0) ^ (1 << (at % 8));
    const other = new MemoryArchiveStore();
    await other.put('a/rooms', spoiled);
    await expect(collected(readDocuments(entry, { ...place, store: other }))).rejects.toThrow('a/rooms');
  }
  for (let at = 0; at < bytes.length; at++) {
    const spoiled = Buffer.from(bytes);
    spoiled[at] = (spoiled[at] ?? 0) ^ (1 << (at % 8));
    expect(() => decodeBackup(spoiled, keys, 'manifest')).toThrow('manifest');
  }
  expect(decodeBackup(bytes, keys, 'manifest').manifest.month).toBe(month);
});

test('what is encrypted is not read without its key', async () => {
  const place: DocumentsPlace = { store: new MemoryArchiveStore(), keys: kinds[1]?.keys ?? new ArchiveKeys(), month };
  const entry = await writeDocuments('a/rooms', [document(1)], place);
  const stored = await place.store.get('a/rooms');
  expect(stored.includes('room')).toBe(false);
  await expect(collected(readDocuments(entry, { ...place, keys: new ArchiveKeys() }))).rejects.toThrow('k1');
});
