import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { findVersitygw, howToGetVersitygw, type S3Server, startS3 } from '@parlance/devstack';
import { type ArchiveStore, ArchiveWalk, createCollections, createMonth, openArchiveStore } from '@parlance/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveMonths, eraseUser, foldEvents, type JobContext, sealMonth } from '../../src/index.js';
import { type ArchiveWorld, linesOf, startArchiveWorld } from '../fixtures/archive-world.js';
import { killAtEach } from '../fixtures/kill-at.js';
import { talk } from '../fixtures/talk.js';

const found = await findVersitygw();
if (found === undefined) process.stderr.write(`SKIPPED: erasing in an archive in S3. ${howToGetVersitygw}\n`);

describe.skipIf(found === undefined)('an archive in S3', () => {
  const day = 24 * 3_600_000;
  let world: ArchiveWorld;
  let server: S3Server;
  let store: ArchiveStore;
  beforeAll(async () => {
    world = await startArchiveWorld();
    server = await startS3({ dataDir: world.path });
    store = await openArchiveStore({ driver: 's3', ...server, forcePathStyle: true }, randomUUID);
  });
  afterAll(async () => {
    await server?.stop();
    await world?.[Symbol.asyncDispose]();
    await rm(world.path, { recursive: true, force: true });
  });

  function jobs(others: Partial<JobContext> = {}): JobContext {
    const { accessKeyId, secretAccessKey } = server.credentials;
    const env = {
      BODY_HASH_KEY: 'k'.repeat(32),
      ARCHIVE_DRIVER: 's3',
      ARCHIVE_S3_BUCKET: server.bucket,
      ARCHIVE_S3_REGION: server.region,
      ARCHIVE_S3_ENDPOINT: server.endpoint,
      ARCHIVE_S3_PATH_STYLE: 'true',
      ARCHIVE_S3_ACCESS_KEY_ID: accessKeyId,
      ARCHIVE_S3_SECRET_ACCESS_KEY: secretAccessKey,
    };
    return world.context({ env, ...others });
  }

  it('is written anew without what was erased, encrypted, killed at every step', async () => {
    const { database, month } = world;
    await createCollections(database);
    await createMonth(database, month);
    await talk(database, [month], { a: 500, b: 300 });
    await sealMonth({ month, dryRun: false }, jobs());
    world.now = Date.now();
    for (let run = 0; run < 2; run++) {
      await archiveMonths({ months: [month], dryRun: false, segmentBytes: 2_000 }, jobs());
      world.now += day;
    }
    const linesNow = async () => {
      const { archive } = await world.entry();
      if (!archive) throw new Error('no archive');
      const walk = await ArchiveWalk.open(archive, store, world.keys);
      const lines = await Promise.all(walk.manifest.segments.map((segment) => linesOf(walk.records(segment))));
      return { lines: lines.flat(), keys: [archive.manifest, ...walk.manifest.segments.map(({ key }) => key)] };
    };
    const before = await linesNow();
    // What was noted is carried out by another job.
    const checkpoint = async (name: string): Promise<void> => {
      if (
        name === 'erase-user:noting' &&
        (await database.rooms.countDocuments({ 'erasures.0': { $exists: true } })) > 0
      )
        throw new Error('died');
    };
    await expect(eraseUser({ userId: 'bob', dryRun: false, settleMs: 0 }, jobs({ checkpoint }))).rejects.toThrow(
      'died',
    );
    const { ends } = await killAtEach(jobs(), (each) => foldEvents({ dryRun: false, segmentBytes: 2_000 }, each));
    expect(ends).toContain('fold-events:flipped');
    const after = await linesNow();
    const erasedRoom = (await database.rooms.findOne({ 'erasures.0': { $exists: true } }))?.roomId ?? '';
    const isGone = (line: string): boolean =>
      line.includes('secret-of-bob') && line.includes(`"roomId":"${erasedRoom}"`);
    expect(after.lines).toHaveLength(before.lines.length);
    expect(after.lines.some(isGone)).toBe(false);
    expect(after.lines.filter((line) => !line.includes('erasedAt'))).toEqual(
      before.lines.filter((line) => !isGone(line)),
    );
    const stored: string[] = [];
    for await (const { key } of store.list('')) stored.push(key);
    expect(stored.toSorted()).toEqual(after.keys.toSorted());
  });
});
