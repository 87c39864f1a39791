import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findVersitygw, howToGetVersitygw, type S3Server, startS3 } from '@parlance/devstack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArchiveKeys } from '../src/archive/format/archive-keys.js';
import { ArchiveWalk } from '../src/archive/read/walk-archive.js';
import type { ArchiveStore } from '../src/archive/store/archive-store.js';
import { openArchiveStore } from '../src/archive/store/open-archive-store.js';
import { itIsAnArchiveStore } from './fixtures/archive-store-contract.js';
import { faultsOf } from './fixtures/collected.js';
import { sampleRoom, writeSample } from './fixtures/sample-month.js';

const found = await findVersitygw();
if (found === undefined) process.stderr.write(`SKIPPED: the tests of archives in S3. ${howToGetVersitygw}\n`);

describe.skipIf(found === undefined)('archives in S3', () => {
  let folder: string;
  let server: S3Server;
  let stores = 0;

  const makeStore = (prefix: string): Promise<ArchiveStore> =>
    openArchiveStore({ driver: 's3', ...server, forcePathStyle: true, prefix }, randomUUID);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 's3-archive-'));
    server = await startS3({ dataDir: folder });
  });

  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  itIsAnArchiveStore(() => makeStore(`store-${stores++}`));

  it('are written and read back whole, and damage on the disk is found', async () => {
    const store = await makeStore('whole');
    const keys = new ArchiveKeys([{ id: '2026', secret: new Uint8Array(32).fill(3) }]);
    const slots = ['a', 'b', 'c'].flatMap((roomId) => sampleRoom(roomId, 2_000));
    const reference = await writeSample(store, slots, { keys, segmentBytes: 50_000 });
    const walk = await ArchiveWalk.open(reference, store, keys);
    expect(await faultsOf(walk)).toEqual([]);
    const file = (key: string): string => join(server.node.dataDir, server.bucket, 'whole', key);
    await writeFile(file('sample/0.segment'), Buffer.alloc(walk.manifest.segments[0]?.bytes ?? 0));
    await truncate(file('sample/1.segment'), 1_000);
    expect(await faultsOf(walk)).toMatchObject([{ trouble: 'damaged' }, { trouble: 'damaged' }]);
  });

  it('tell in time that the server is away', async () => {
    const place = { driver: 's3', bucket: 'b', region: 'r', forcePathStyle: true, requestTimeoutMs: 200 } as const;
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const store = await openArchiveStore({ ...place, endpoint: 'http://127.0.0.1:9', credentials }, randomUUID);
    await expect(store.get('a')).rejects.toMatchObject({ trouble: 'unavailable' });
    await using mute = await silentServer();
    const silent = await openArchiveStore({ ...place, endpoint: mute.url, credentials }, randomUUID);
    await expect(silent.get('a')).rejects.toMatchObject({ trouble: 'unavailable' });
    await expect(silent.put('a', Buffer.from('x'))).rejects.toMatchObject({ trouble: 'unavailable' });
  });

  it('tell in time that an answer stays away in its middle', async () => {
    const place = { driver: 's3', bucket: 'b', region: 'r', forcePathStyle: true, requestTimeoutMs: 200 } as const;
    await using half = await silentServer({ 'content-length': '1000' });
    const store = await openArchiveStore(
      {
        ...place,
        endpoint: half.url,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      },
      randomUUID,
    );
    await expect(store.get('a')).rejects.toMatchObject({ trouble: 'unavailable' });
  });
});

/** Takes requests and never answers one; with headers it answers those, one byte, and no more. */
async function silentServer(
  headers?: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer((_request, response) => {
    if (!headers) return;
    response.writeHead(200, headers);
    response.write('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
