import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ParlanceClient } from '@parlance/client';
import { runJobs } from '@parlance/jobs';
import { type Db, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

let parlance: Deployment;
let mongo: MongoClient;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlance-backup-e2e-'));
  parlance = await startDeployment({
    mongo: 'shared',
    gateways: 2,
    chatServices: 2,
    env: { HEAD_SWEEP_MS: '1000' },
  });
  mongo = await MongoClient.connect(parlance.mongo.uri);
});
afterAll(async () => {
  await mongo.close();
  await parlance[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const users = ['ann', 'bob', 'cy', 'dee'];

/** A message that was acknowledged. */
interface Acked {
  readonly roomId: string;
  readonly messageId: number;
  readonly content: string;
  /** By MongoDB's clock, as the backup's own times. */
  readonly at: number;
}

it('copies the running stack under sends, into an empty database and back to an earlier point under clients that stay', async () => {
  const source = mongo.db();
  const restored = mongo.db(`${source.databaseName}_restored`);
  onTestFinished(async () => void (await restored.dropDatabase()));
  const people = await Promise.all(users.map((userId, index) => connect(userId, index % 2)));
  const [ann] = people as [Person, ...Person[]];
  const rooms: string[] = [];
  for (const participants of [['bob'], ['bob', 'cy'], ['bob', 'cy', 'dee']]) {
    rooms.push((await ann.client.createRoom({ roomType: 'group', participants })).roomId);
  }
  const acked: Acked[] = [];
  const talk = talking(people, rooms, acked);

  // Two backups while everybody talks, rooms are made and marks are set.
  await expect.poll(() => acked.length, { timeout: 60_000 }).toBeGreaterThan(100);
  expect(await jobs(source, 'backup')).toBe(0);
  const between = acked.length;
  rooms.push((await ann.client.createRoom({ roomType: 'group', participants: ['bob', 'dee'] })).roomId);
  await expect.poll(() => acked.length, { timeout: 60_000 }).toBeGreaterThan(between + 100);
  const began = Date.now();
  expect(await jobs(source, 'backup')).toBe(0);
  const wanted = acked.filter(({ at }) => at < began);
  await expect.poll(() => acked.length, { timeout: 60_000 }).toBeGreaterThan(wanted.length + 100);
  await talk.end();

  // Into an empty database: all that was acknowledged before, and nothing that the running one does not have.
  expect(await jobs(restored, 'restore-backup')).toBe(0);
  expect(await jobs(restored, 'audit')).toBe(0);
  const slots = await slotsOf(restored);
  for (const { roomId, messageId, content } of wanted) {
    expect(slots.get(`${roomId} ${messageId}`)).toMatchObject({ content });
  }
  const all = await slotsOf(source);
  for (const [place, slot] of slots) expect(slot).toEqual(all.get(place));
  for (const roomId of rooms) {
    const head = await headOf(restored, roomId);
    expect([...slots.keys()].filter((place) => place.startsWith(`${roomId} `))).toHaveLength(head);
    for await (const row of restored.collection('participants').find({ roomId })) {
      expect(Math.max(Number(row['readUpTo']), Number(row['deliveredUpTo']))).toBeLessThanOrEqual(head);
    }
  }
  expect(await restored.collection('rooms').countDocuments()).toBe(rooms.length);

  // The same stack to that point, while everybody stays connected.
  expect(await jobs(source, 'restore-backup', '--replace')).toBe(3);
  for (const { process } of parlance.chatServices) await process.stop();
  expect(await jobs(source, 'restore-backup', '--replace')).toBe(0);
  expect(await jobs(source, 'audit')).toBe(0);
  // Said while nobody is there to take it.
  const waiting = rooms.map((roomId) => ann.client.send(roomId, 'after').done);
  await Promise.all(parlance.chatServices.map(({ process }) => process.restart()));
  await Promise.all(waiting);

  const after = await slotsOf(source);
  expect(after.size).toBe(slots.size + rooms.length);
  for (const [place, slot] of slots) expect(after.get(place)).toEqual(slot);
  const members = await source.collection('rooms').find<RoomMembers>({}).toArray();
  for (const { client, userId, wentBack } of people) {
    for (const { roomId, participants } of members) {
      if (!participants.includes(userId)) continue;
      const log = textsOf(after, roomId);
      await expect.poll(() => shown(client, roomId).at(-1), { timeout: 60_000 }).toBe(log.at(-1));
      while (shown(client, roomId).length < log.length) await client.loadOlder(roomId);
      expect(shown(client, roomId)).toEqual(log);
      expect(wentBack).toContain(roomId);
    }
    client.close();
  }
});

interface RoomMembers {
  readonly roomId: string;
  readonly participants: readonly string[];
}

interface Person {
  readonly userId: string;
  readonly client: ParlanceClient;
  /** Rooms whose log is said to have gone back. */
  readonly wentBack: string[];
}

async function connect(userId: string, gateway: number): Promise<Person> {
  const client = new ParlanceClient({ url: parlance.gateways[gateway]?.url ?? '', getToken: () => signToken(userId) });
  const wentBack: string[] = [];
  client.on('wentBack', ({ room }) => void wentBack.push(room.roomId));
  await client.connect();
  return { userId, client, wentBack };
}

/** Everybody says something in each of their rooms again and again, one thing at a time, until the end. */
function talking(people: readonly Person[], rooms: readonly string[], acked: Acked[]) {
  const over = new AbortController();
  const loops = people.map(async ({ userId, client }) => {
    for (let turn = 0; !over.signal.aborted; turn++) {
      const roomId = rooms[turn % rooms.length] ?? '';
      if (!client.room(roomId)) {
        await delay(5);
        continue;
      }
      const content = `${userId} ${turn}`;
      const { messageId } = await client.send(roomId, content).done;
      acked.push({ roomId, messageId, content, at: Date.now() });
    }
  });
  return {
    async end(): Promise<void> {
      over.abort();
      await Promise.all(loops);
    },
  };
}

async function slotsOf(db: Db): Promise<ReadonlyMap<string, Document>> {
  const found = new Map<string, Document>();
  for (const { collectionName } of await db.collections()) {
    if (!collectionName.startsWith('messages_')) continue;
    for await (const slot of db.collection(collectionName).find({}, { sort: { roomId: 1, messageId: 1 } })) {
      found.set(`${String(slot['roomId'])} ${Number(slot['messageId'])}`, slot);
    }
  }
  return found;
}

async function headOf(db: Db, roomId: string): Promise<number> {
  return Math.max(
    0,
    ...[...(await slotsOf(db)).values()]
      .filter((slot) => slot['roomId'] === roomId)
      .map((slot) => Number(slot['messageId'])),
  );
}

function textsOf(slots: ReadonlyMap<string, Document>, roomId: string): string[] {
  return [...slots.values()]
    .filter((slot) => slot['roomId'] === roomId)
    .map((slot) => `${Number(slot['messageId'])} ${String(slot['content'])}`);
}

function shown(client: ParlanceClient, roomId: string): string[] {
  return client.room(roomId)?.messages.map(({ messageId, content }) => `${messageId} ${content}`) ?? [];
}

/** A job as an operator runs it, on one of the databases. */
async function jobs({ databaseName }: Db, ...argv: readonly string[]): Promise<number> {
  const said: string[] = [];
  const sink = { write: (text: string) => said.push(text) };
  const code = await runJobs({
    argv,
    env: {
      MONGO_URI: parlance.mongo.uri.replace(mongo.db().databaseName, databaseName),
      ARCHIVE_DRIVER: 'file',
      ARCHIVE_PATH: folder,
    },
    stdout: sink,
    stderr: sink,
    exit: (status) => {
      throw new Error(`exit ${status}: ${said.join('')}`);
    },
    signal: new AbortController().signal,
  });
  if (code !== 0) process.stderr.write(said.join(''));
  return code;
}
