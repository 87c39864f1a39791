import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addMonths,
  announceService,
  ChatDatabase,
  createMonth,
  FileArchiveStore,
  logEpochOf,
  type MonthYear,
  monthOf,
  readRestoreMark,
  withdrawService,
} from '@parlance/storage';
import { type Document, Long, MongoClient, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { exitCode } from '../../src/index.js';
import { runJob } from '../fixtures/run-job.js';
import { startDatabase, type TestDatabase } from '../fixtures/start-database.js';
import { writeMessages, writeRoom } from '../fixtures/write-rooms.js';

const current = monthOf(Date.now());
const older = addMonths(current, -2);
let server: TestDatabase;
let client: MongoClient;
let folder: string;
let number = 0;
/** What is backed up, and what is restored into; new ones in every test. */
let source: ChatDatabase;
let target: ChatDatabase;

beforeAll(async () => {
  server = await startDatabase();
  client = await MongoClient.connect(server.uri);
});
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlance-backup-'));
  source = new ChatDatabase(client.db(`source-${++number}`));
  target = new ChatDatabase(client.db(`target-${number}`));
  await createMonth(source, older);
  await createMonth(source, current);
  return () => rm(folder, { recursive: true, force: true });
});

const key = `k1:${Buffer.alloc(32, 5).toString('base64')}`;

/** Runs a job on a database; `stopAt`, as `backup:month` or `backup:month 2` for the second time, ends it there as a kill would. */
function jobs(
  database: ChatDatabase,
  args: readonly string[],
  stopAt?: string,
  at: (name: string) => Promise<void> = async () => {},
) {
  const passed: string[] = [];
  const [wanted, time = 1] = stopAt?.split(' ') ?? [];
  return runJob(args, environmentOf(database), (name) => {
    passed.push(name);
    return name === wanted && passed.filter((each) => each === name).length === Number(time)
      ? Promise.reject(new Error(`killed at ${name}`))
      : at(name);
  });
}

const environmentOf = (database: ChatDatabase) => ({
  MONGO_URI: server.uri.replace(/\/test_[^?]+\?/, `/${database.db.databaseName}?`),
  ARCHIVE_DRIVER: 'file',
  ARCHIVE_PATH: folder,
  ARCHIVE_KEYS: key,
});

/** All that the product knows, but for epochs of logs, UUIDs of collections and when entries were made; not who does what to it. */
async function contentOf(database: ChatDatabase): Promise<Readonly<Record<string, unknown>>> {
  const content: Record<string, unknown> = {};
  for (const { collectionName } of (await database.db.collections()).toSorted((a, b) =>
    a.collectionName < b.collectionName ? -1 : 1,
  )) {
    if (collectionName === 'leases' || collectionName === 'job_runs') continue;
    const sort = { roomId: 1, messageId: 1, rev: 1, userId: 1, monthYear: 1 } as const;
    const documents = await database.db.collection(collectionName).find({}, { sort, promoteValues: false }).toArray();
    content[collectionName] = documents.map(({ logEpoch: _epoch, collectionUUID: _uuid, _id, ...rest }: Document) =>
      collectionName === 'months' ? rest : { _id, ...rest },
    );
  }
  return content;
}

async function addRow(roomId: string, userId: string, readUpTo = 0): Promise<void> {
  await source.participants.insertOne({
    _id: new ObjectId(),
    roomId,
    userId,
    joinedAt: new Date(),
    leftAt: null,
    firstVisibleId: Long.fromNumber(1),
    deliveredUpTo: Long.fromNumber(readUpTo),
    readUpTo: Long.fromNumber(readUpTo),
  });
}

async function addEvent(roomId: string, rev: number): Promise<void> {
  await source.roomEvents.insertOne({
    _id: new ObjectId(),
    roomId,
    rev: Long.fromNumber(rev),
    kind: 'updated',
    by: 'ann',
    at: new Date(),
    metadata: { name: `name ${rev}` },
  });
  await source.rooms.updateOne({ roomId }, { $set: { rev: Long.fromNumber(rev) } });
}

/** Ends a room's month and begins the next one, as a pod does. */
async function rollOver(roomId: string, month: MonthYear, head: number): Promise<void> {
  const messageId = Long.fromNumber(head + 1);
  const seal = {
    _id: new ObjectId(),
    kind: 'seal',
    monthYear: month,
    roomId,
    messageId,
    timestamp: new Date(),
  } as const;
  await source.messages(month).insertOne(seal);
  const next = { monthYear: current, firstId: messageId, openedAt: new Date() };
  await source.rooms.updateOne({ roomId }, { $push: { segments: next } });
}

/** Rooms in two months: one that goes over, one that is silent, one that is new. */
async function begin(): Promise<void> {
  await writeRoom(source, 'over', older, 700);
  await writeRoom(source, 'silent', older, 3);
  await writeRoom(source, 'young', current, 5);
  await writeRoom(source, 'ψ', current, 1);
  for (const [roomId, mark] of [['over', 650], ['silent', 3], ['young', 0]] as const) await addRow(roomId, 'ann', mark); // biome-ignore format: pairs
  await addEvent('over', 1);
  await source.revocations.insertOne({ _id: 'eve', userId: 'eve', revokedBefore: new Date(1_000) });
}

/** What happens between the two backups. */
async function goOn(): Promise<void> {
  await rollOver('over', older, 700);
  await writeMessages(source, 'over', current, 20, 701);
  await writeMessages(source, 'young', current, 7, 6);
  await writeRoom(source, 'later', current, 2);
  await addRow('later', 'bob', 1);
  await addEvent('over', 2);
  await addEvent('young', 1);
  await source.participants.updateOne({ roomId: 'over' }, { $set: { readUpTo: Long.fromNumber(710) } });
}

it('puts each backup of a chain back as it was, into an empty database', async () => {
  await begin();
  const first = await contentOf(source);
  const full = await jobs(source, ['backup']);
  expect(full).toMatchObject({
    code: exitCode.done,
    said: expect.stringContaining('there is no backup yet') as string,
  });
  const between = new Date().toISOString();
  await goOn();
  const second = await contentOf(source);
  const increment = await jobs(source, ['backup']);
  expect(increment.said).toMatch(/add to chain .* what 5 rooms have in 2 months since its last backup/);
  expect(increment.said).toMatch(/backup 2 of chain .* 5 rooms and 30 records/);

  expect((await jobs(target, ['restore-backup', '--dry-run'])).code).toBe(exitCode.done);
  expect(await target.db.collections()).toEqual([]);
  const began = Date.now();
  expect(await jobs(target, ['restore-backup'])).toMatchObject({ code: exitCode.done });
  expect(await contentOf(target)).toEqual(second);
  for await (const room of target.rooms.find()) expect(logEpochOf(room)).toBeGreaterThan(began - 60_000);

  // To the first one, over what is there.
  expect((await jobs(target, ['restore-backup', '--to', between])).code).toBe(exitCode.refused);
  const epoch = logEpochOf((await target.rooms.findOne({ roomId: 'over' })) as never);
  expect((await jobs(target, ['restore-backup', '--to', between, '--replace'])).code).toBe(exitCode.done);
  expect(await contentOf(target)).toEqual(first);
  expect(logEpochOf((await target.rooms.findOne({ roomId: 'over' })) as never)).toBeGreaterThan(epoch);
  expect((await jobs(target, ['restore-backup', '--to', '2020-01-01T00:00:00Z', '--replace'])).code).toBe(
    exitCode.refused,
  );

  // Its logs have begun anew: they do not go on from that chain.
  await new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000)));
  expect((await jobs(target, ['backup'])).said).toMatch(/begin chain .*\n.*logs have begun anew/);
});

it('is complete or nothing, wherever it is killed, and so is a restore', async () => {
  await begin();
  expect((await jobs(source, ['backup'])).code).toBe(exitCode.done);
  await goOn();
  for (const step of ['registry', 'rooms', 'month', 'month 2', 'events', 'participants', 'verified']) {
    expect((await jobs(source, ['backup'], `backup:${step}`)).code).toBe(exitCode.failed);
  }
  const finished = await jobs(source, ['backup']);
  expect(finished.said).toMatch(/1\. remove \d+ objects\n[^]*backup 2 of chain/);
  expect((await jobs(source, ['backup', '--dry-run'])).said).not.toContain('remove');
  const wanted = await contentOf(source);

  const steps = ['marked', 'month', 'month 2', 'participants', 'rooms', 'load', 'verify', 'raiseEpochs'];
  for (const step of steps) {
    expect((await jobs(target, ['restore-backup'], `restore-backup:${step}`)).code).toBe(exitCode.failed);
    expect((await jobs(target, ['backup'])).code).toBe(exitCode.refused);
  }
  expect((await jobs(target, ['restore-backup'], 'restore-backup:clear')).code).toBe(exitCode.failed);
  expect((await jobs(target, ['restore-backup'])).code).toBe(exitCode.done);
  expect(await contentOf(target)).toEqual(wanted);
});

it('takes of every room what fits its document, whatever is written meanwhile', async () => {
  await begin();
  const decided = { participants: ['ann'], ownerId: 'ann', admins: [] };
  await source.rooms.updateMany({}, { $set: decided });
  await addRow('ψ', 'ann', 1);
  // Told by the command's own checkpoints: after the rooms, and after the messages, were read.
  const meanwhile: Record<string, () => Promise<void>> = {
    'backup:rooms': async () => {
      await writeMessages(source, 'young', current, 3, 6);
      await rollOver('over', older, 700);
      await writeMessages(source, 'over', current, 4, 701);
      await addRow('young', 'bob', 8);
      await writeRoom(source, 'unseen', current, 2);
    },
    'backup:events': async () => {
      await writeMessages(source, 'young', current, 3, 9);
      await addEvent('young', 1);
      await source.participants.updateOne(
        { roomId: 'young', userId: 'ann' },
        { $set: { readUpTo: Long.fromNumber(11), leftAt: new Date() } },
      );
    },
  };
  const { code } = await runJob(['backup'], environmentOf(source), async (name) => await meanwhile[name]?.());
  expect(code).toBe(exitCode.done);
  expect((await jobs(target, ['restore-backup'])).code).toBe(exitCode.done);
  const ids = (roomId: string, month: MonthYear) =>
    target
      .messages(month)
      .find({ roomId }, { sort: { messageId: 1 } })
      .map(({ messageId, kind }) => `${kind ?? ''}${Number(messageId)}`)
      .toArray();
  expect(await ids('young', current)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  expect((await ids('over', older)).at(-1)).toBe('seal701');
  expect(await ids('over', current)).toEqual([]);
  expect(await target.rooms.countDocuments({ roomId: 'unseen' })).toBe(0);
  expect(await ids('unseen', current)).toEqual([]);
  const [ann, bob] = await target.participants.find({ roomId: 'young' }, { sort: { userId: 1 } }).toArray();
  expect(ann).toMatchObject({ leftAt: null });
  expect(Number(ann?.readUpTo)).toBe(8);
  expect(bob?.leftAt).toBeInstanceOf(Date);
  expect((await jobs(target, ['audit'])).code).toBe(exitCode.done);
});

it('tells of a log with a hole, and refuses a backup that was changed, before anything is taken away', async () => {
  await begin();
  await source.messages(older).deleteOne({ roomId: 'over', messageId: Long.fromNumber(300) });
  expect(await jobs(source, ['backup'])).toMatchObject({
    code: exitCode.found,
    said: expect.stringContaining('1 ids are missing within logs') as string,
  });
  expect((await jobs(source, ['restore-backup'])).code).toBe(exitCode.refused);
  const before = await contentOf(source);
  const files = (await readdir(folder, { recursive: true })).filter((name) => /segment$|rooms$/.test(name));
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    const bytes = await readFile(join(folder, file));
    const spoiled = Buffer.from(bytes);
    spoiled[Math.floor(bytes.length / 2)] = (spoiled[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
    await writeFile(join(folder, file), spoiled);
    expect((await jobs(source, ['restore-backup', '--replace'])).code).toBe(exitCode.failed);
    await writeFile(join(folder, file), bytes);
  }
  expect(await contentOf(source)).toEqual(before);
  expect((await jobs(source, ['restore-backup', '--replace'])).code).toBe(exitCode.done);
  expect(await contentOf(source)).toEqual(before);
});

it('keeps as many backups as are asked for, each with all that it needs, wherever the removing of others is killed', async () => {
  await begin();
  for (const more of [0, 1]) {
    await writeMessages(source, 'silent', older, 1, 4 + more);
    expect((await jobs(source, ['backup'])).code).toBe(exitCode.done);
  }
  const old = await contentOf(source);
  const [oldChain = ''] = await readdir(join(folder, 'backups'));
  await new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000)));
  expect((await jobs(source, ['backup', '--full'])).code).toBe(exitCode.done);
  await goOn();
  const store = new FileArchiveStore(folder, randomUUID);
  const keysBelow = async (prefix: string): Promise<readonly string[]> => {
    const keys: string[] = [];
    for await (const { key: found } of store.list(prefix)) keys.push(found);
    return keys;
  };
  const before = await keysBelow(`backups/${oldChain}/`);
  expect((await jobs(source, ['backup', '--keep', '2', '--dry-run'])).said).toContain(
    `remove 2 backups in chain ${oldChain}`,
  );
  expect((await jobs(source, ['backup', '--keep', '3'])).said).not.toContain('removed');
  // The third newest needs the one before it.
  expect(await keysBelow(`backups/${oldChain}/`)).toEqual(before);
  expect((await jobs(target, ['restore-backup', '--chain', oldChain])).code).toBe(exitCode.done);
  expect(await contentOf(target)).toEqual(old);

  // Killed after the first of its manifests went: the older backup of that chain is still one.
  expect((await jobs(source, ['backup', '--keep', '2'], 'backup:pruning')).code).toBe(exitCode.failed);
  expect((await jobs(target, ['restore-backup', '--chain', oldChain, '--replace', '--dry-run'])).said).toContain(
    'from backup 1 of chain',
  );
  const wanted = await contentOf(source);
  expect((await jobs(source, ['backup', '--keep', '2'])).said).toContain(`removed 1 chains of backups: ${oldChain}`);
  expect(await keysBelow(`backups/${oldChain}/`)).toEqual([]);
  expect((await jobs(target, ['restore-backup', '--replace'])).code).toBe(exitCode.done);
  expect(await contentOf(target)).toEqual(wanted);
  expect((await jobs(source, ['backup', '--keep', 'few'])).code).toBe(exitCode.usage);
});

it('restores nothing over a service that writes, also one that starts meanwhile', async () => {
  await begin();
  expect((await jobs(source, ['backup'])).code).toBe(exitCode.done);
  const before = await contentOf(source);
  const token = 'a-pod';
  await announceService(source, { token, holder: 'chat-service (process 7 on pod-1)' });
  expect(await jobs(source, ['restore-backup', '--replace'])).toMatchObject({
    code: exitCode.refused,
    said: expect.stringContaining('stop them first: chat-service (process 7 on pod-1)') as string,
  });
  await withdrawService(source, token);
  await announceService(source, { token: 'dead', holder: 'chat-service (killed)', lastsMs: -1 });
  expect((await jobs(source, ['restore-backup', '--replace', '--dry-run'])).code).toBe(exitCode.done);
  // One that starts after the plan was made, before the mark that would make it wait.
  const starts = async (name: string) => {
    if (name === 'restore-backup:read') await announceService(source, { token, holder: 'chat-service (late)' });
  };
  expect(await jobs(source, ['restore-backup', '--replace'], undefined, starts)).toMatchObject({
    code: exitCode.failed,
    said: expect.stringContaining('chat-service (late)') as string,
  });
  await withdrawService(source, token);
  expect(await readRestoreMark(source)).toBeUndefined();
  expect(await contentOf(source)).toEqual(before);
  expect((await jobs(source, ['restore-backup', '--replace'])).code).toBe(exitCode.done);
});

it('has what came back from the archive since the chain began', async () => {
  await begin();
  await rollOver('over', older, 700);
  const seal = async (roomId: string, head: number) => {
    const messageId = Long.fromNumber(head + 1);
    await source.messages(older).insertOne({ _id: new ObjectId(), kind: 'seal', monthYear: older, roomId, messageId, timestamp: new Date() }); // biome-ignore format: one line
  };
  await seal('silent', 3);
  const [messages, rooms, voids] = [703, 2, 0].map((count) => Long.fromNumber(count)) as [Long, Long, Long];
  const set = (state: 'ARCHIVED' | 'SEALED') =>
    source.months.updateOne({ monthYear: older }, { $set: { state, counts: { messages, rooms, voids } } });
  await set('ARCHIVED');
  expect((await jobs(source, ['backup'])).code).toBe(exitCode.done);
  await set('SEALED');
  await new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000)));
  expect((await jobs(source, ['backup'])).said).toContain(`lacks records of ${older}`);
  expect((await jobs(source, ['backup', '--dry-run'])).said).toContain('all logs have only grown since');
  expect((await jobs(target, ['restore-backup'])).code).toBe(exitCode.done);
  expect(await contentOf(target)).toEqual(await contentOf(source));
});

it('leaves an archived month in the archive, and refuses when it is not there any more', async () => {
  await begin();
  const manifest = 'months/2020-01/e1/manifest';
  const archived = {
    monthYear: '2020-01' as MonthYear,
    state: 'ARCHIVED',
    tier: 'archive',
    epoch: 4,
    archive: {
      manifest,
      manifestVersion: 1,
      rootHash: 'ab',
      messages: Long.fromNumber(9),
      bytes: Long.fromNumber(99),
      flippedAt: new Date(1_000),
    },
  } as const;
  await source.months.insertOne({ _id: new ObjectId(), ...archived });
  expect(await jobs(source, ['backup'])).toMatchObject({
    code: exitCode.done,
    said: expect.stringContaining('1 months lie in the archive and stay there') as string,
  });
  expect(await jobs(target, ['restore-backup'])).toMatchObject({
    code: exitCode.failed,
    said: expect.stringContaining(`its manifest ${manifest} is not there any more`) as string,
  });
  expect([await target.rooms.countDocuments(), await target.months.countDocuments()]).toEqual([0, 0]);
  await new FileArchiveStore(folder, randomUUID).put(manifest, Buffer.from('of the archive'));
  expect((await jobs(target, ['restore-backup'])).code).toBe(exitCode.done);
  expect(await target.months.findOne({ monthYear: archived.monthYear })).toMatchObject({
    state: 'ARCHIVED',
    tier: 'archive',
    archive: { manifest, droppedAt: expect.any(Date) as Date },
  });
  // What stands there takes no message (R7).
  await expect(writeMessages(target, 'over', archived.monthYear, 1)).rejects.toMatchObject({ code: 166 });
});
