import { randomUUID } from 'node:crypto';
import { link, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itIsAnArchiveStore } from '../../../test/fixtures/archive-store-contract.js';
import { collected } from '../../../test/fixtures/collected.js';
import { FileArchiveStore } from './file-archive-store.js';

let folder: string;
let stores = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-archive-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('archives in a folder', () => {
  itIsAnArchiveStore(
    async () => new FileArchiveStore(join(folder, String(stores++), 'made', 'when', 'missing'), randomUUID),
  );

  it('are on the disk as their keys, with nothing beside them', async () => {
    const root = join(folder, 'layout');
    const store = new FileArchiveStore(root, randomUUID);
    await store.put('2026-03/e7/0.segment', Buffer.from('x'));
    const upload = await store.upload('2026-03/e7/1.segment');
    await upload.write(Buffer.from('y'));
    await upload.abort();
    const names = await readdir(root, { recursive: true });
    expect(names.toSorted()).toEqual(['.partial', '2026-03', '2026-03/e7', '2026-03/e7/0.segment']);
  });

  it('keep an object whose writer died before it took its own name for it away', async () => {
    const root = join(folder, 'linked');
    const store = new FileArchiveStore(root, randomUUID);
    await store.put('months/one', Buffer.from('whole'));
    await link(join(root, 'months/one'), join(root, '.partial', randomUUID()));
    await writeFile(join(root, '.partial', 'not ours'), 'x');
    const found = await collected(store.unfinished());
    expect(found).toMatchObject([{ bytes: 5, key: undefined }]);
    for (const upload of found) await store.discard(upload);
    expect(await readdir(join(root, '.partial'))).toEqual(['not ours']);
    expect(await store.get('months/one')).toEqual(Buffer.from('whole'));
    const elsewhere = { id: '../months/one', key: undefined, bytes: 5, touchedAt: 0 };
    await expect(store.discard(elsewhere)).rejects.toMatchObject({ trouble: 'misused' });
  });

  it('tell when there is no place for them', async () => {
    const store = new FileArchiveStore('/dev/full/archive', randomUUID);
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject({ name: 'ArchiveFault' });
  });
});
