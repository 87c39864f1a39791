import type { RoomId, UserId } from '@parlance/proto';
import { addMonths, monthOf, type SlotDocument, startOfMonth } from '@parlance/storage';
import { type CommandStartedEvent, type Document, Long, MongoClient, ObjectId } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ClusterDatabase, clusterDatabase } from '../fixtures/cluster-database.js';
import { openStores } from '../fixtures/start-stores.js';
import { untilAnswered } from '../fixtures/until-answered.js';

const month = monthOf(Date.now());
const before = addMonths(month, -1);
const at = startOfMonth(month);
let cluster: ClusterDatabase;
let stores: Awaited<ReturnType<typeof openStores>>;
let roomIds: readonly string[];
/** Messages in every third room; the others have two, and the last ten none. */
const many = 300;
/** What is counted while it runs cannot be done twice: a busy machine is given more time for it than a service takes. */
const patienceMs = 60_000;
const countOf = (index: number): number => (index >= 50 ? 0 : index % 3 === 0 ? many : 2);

beforeAll(async () => {
  cluster = await clusterDatabase();
  await cluster.createMonths(before, month);
  stores = await openStores(cluster.uri);
  const rooms: string[] = [];
  while (rooms.length < 60) rooms.push((await stores.newGroup(['ann', 'bob'])).roomId);
  roomIds = rooms;
  await stores.database.messages(month).insertMany(
    roomIds.flatMap((roomId, index) => Array.from({ length: countOf(index) }, (_, id) => slot(roomId, id + 1))),
    { ordered: false },
  );
});
afterAll(async () => {
  await stores?.link.close();
  await cluster?.[Symbol.asyncDispose]();
});
beforeEach(() => void stores.takeCommands());

function slot(roomId: string, messageId: number): SlotDocument {
  return {
    _id: new ObjectId(),
    monthYear: month,
    roomId,
    messageId: Long.fromNumber(messageId),
    timestamp: new Date(at + messageId),
    senderId: messageId % 2 ? 'ann' : 'bob',
    clientMessageId: `c${messageId}`,
    bodyHash: 'hash',
    content: 'text',
    messageType: 'text',
  };
}

/** How a command that reads was executed: shards that it asked, keys and documents that they examined, indexes. */
async function explained({ command }: Pick<CommandStartedEvent, 'command'>) {
  const { find, filter, sort, projection, limit, hint } = command;
  const asked = Object.fromEntries(
    Object.entries({ find, filter, sort, projection, limit, hint }).filter(([, value]) => value !== undefined),
  );
  const { queryPlanner, executionStats } = await stores.database.db.command({
    explain: asked,
    verbosity: 'executionStats',
  });
  const shards = queryPlanner.winningPlan.shards as readonly Document[];
  return {
    shards: shards.length,
    keys: executionStats.totalKeysExamined as number,
    documents: executionStats.totalDocsExamined as number,
    indexes: [...new Set(JSON.stringify(shards.map(({ winningPlan }) => winningPlan)).match(/"indexName":"[^"]+"/g))]
      .map((text) => text.slice(13, -1))
      .toSorted(),
  };
}

/** What a call asked for: one command, executed once more to be explained. */
async function planOf(call: () => Promise<unknown>) {
  await untilAnswered(() => {
    stores.takeCommands();
    return call();
  });
  const finds = stores.takeCommands().filter(({ command }) => 'find' in command);
  expect(finds).toHaveLength(1);
  return explained(finds[0] as CommandStartedEvent);
}

/** A room with many messages, one with few and one with none, some of them on each shard. */
const samples = (): readonly string[] => [...roomIds.slice(0, 4), ...roomIds.slice(-2)];

it('reads the end of a room’s month by one key on one shard', async () => {
  for (const roomId of samples()) {
    const plan = await planOf(() => stores.messages.readLast(month, roomId));
    const has = countOf(roomIds.indexOf(roomId)) > 0 ? 1 : 0;
    expect(plan).toEqual({ shards: 1, keys: has, documents: has, indexes: ['slot'] });
  }
});

it('reads a range of slots by a key a slot on one shard', async () => {
  for (const roomId of samples()) {
    const length = Math.min(countOf(roomIds.indexOf(roomId)), 50);
    const range = { from: 1, to: 50 };
    const plan = await planOf(() => stores.messages.readRange(month, roomId, range));
    expect(plan).toMatchObject({ shards: 1, documents: length, indexes: ['slot'] });
    expect(plan.keys).toBeLessThanOrEqual(length + 1);
  }
});

it('looks client ids up by the index of client ids on one shard, one or a batch of them, at either level', async () => {
  for (const roomId of samples()) {
    for (const count of [1, 64]) {
      const keys = Array.from({ length: count }, (_, id) => ({ senderId: 'ann', clientMessageId: `c${id + 1}` }));
      for (const level of ['majority', 'linearizable'] as const) {
        const plan = await planOf(() => stores.messages.findByClientKeys(month, roomId, keys, level));
        expect(plan).toMatchObject({ shards: 1, indexes: ['client_message_id'] });
        expect(plan.documents).toBeLessThanOrEqual(count);
        expect(plan.keys).toBeLessThanOrEqual(2 * count);
      }
    }
  }
});

it('asks one shard whether a message has its place', async () => {
  for (const roomId of samples()) {
    const plan = await planOf(() => stores.messages.hasMessage(month, roomId, 2));
    expect(plan).toMatchObject({ shards: 1, indexes: ['slot'] });
    expect(plan.keys).toBeLessThanOrEqual(1);
  }
});

it('asks one shard for a room, who is in it and its events', async () => {
  for (const roomId of samples().slice(0, 4) as RoomId[]) {
    const { rooms, participants, events } = stores;
    for (const call of [
      () => rooms.read(roomId),
      () => rooms.readLatest(roomId),
      () => rooms.readWhole(roomId),
      () => participants.inRoom(roomId),
      () => participants.find(roomId, 'ann' as UserId),
      () => participants.behind([{ roomId, to: 5 }]),
      () => events.after(roomId, 0, 10),
      () => events.newest(roomId),
    ]) {
      const plan = await planOf(call);
      expect([String(call), plan.shards]).toEqual([String(call), 1]);
      expect(plan.keys).toBeLessThanOrEqual(3);
    }
  }
});

it('asks one shard for what is not sharded', async () => {
  expect(await planOf(() => stores.revocations.since(0))).toMatchObject({ shards: 1 });
  expect(await planOf(() => stores.database.months.findOne({ monthYear: month }))).toMatchObject({
    shards: 1,
    keys: 1,
  });
});

it('names the room, and so the shard, in everything that it writes', async () => {
  const { rooms, participants, events, receipts } = stores;
  const room = await stores.newGroup(['ann']);
  const roomId = room.roomId as RoomId;
  stores.takeCommands();
  await receipts.raise([{ roomId, userId: 'ann', delivered: 1, read: 1 }], at);
  await rooms.pushSegment(room, { monthYear: month, firstId: 2 });
  await rooms.change(room, { events: [{ kind: 'updated', by: 'ann', at: new Date(at) }] });
  await events.log((await stores.readWhole(roomId)) ?? room);
  const entry = { userIds: ['ann', 'eve'], memberRev: 9, firstVisibleId: 1, head: 0, joinedAt: Date.now() };
  await participants.enter(roomId, entry);
  await participants.leave(roomId, ['eve'], 20, Date.now());
  const writes = stores
    .takeCommands()
    .flatMap(({ command }) => [
      ...((command['updates'] as Document[] | undefined) ?? []).map(({ q }) => q.roomId as unknown),
      ...((command['documents'] as Document[] | undefined) ?? []).map((document) => document['roomId'] as unknown),
    ]);
  expect(writes.length).toBeGreaterThanOrEqual(7);
  expect(new Set(writes)).toEqual(new Set([roomId]));
  expect((await stores.readWhole(roomId)).rev).toBe(1);
});

it('reads the ends of many rooms by a key a room, however many messages they have', async () => {
  const lasts = await stores.messages.readLasts(month, roomIds, patienceMs);
  expect(new Map([...lasts].map(([roomId, { messageId }]) => [roomId, messageId]))).toEqual(
    new Map(roomIds.map((roomId, index) => [roomId, countOf(index)] as const).filter(([, count]) => count > 0)),
  );
  expect(lasts.get(roomIds[0] ?? '')).toEqual({ kind: 'message', messageId: many, timestamp: at + many });
  // A key of `rooms` and one of its month for each.
  const keys = await scannedBy(() => stores.messages.readLasts(month, roomIds, patienceMs));
  expect(keys).toBeLessThanOrEqual(2 * roomIds.length + 10);
});

it('reads the times of many rooms’ slots by a key each', async () => {
  const slots = roomIds.slice(0, 50).map((roomId) => ({ roomId, messageId: 2 }));
  const plan = await planOf(() => stores.messages.readTimestamps(month, slots));
  expect(plan).toMatchObject({ documents: 50, indexes: ['slot'] });
  expect(plan.keys).toBeLessThanOrEqual(100);
});

/** Index keys that all shards have examined while a call ran. */
async function scannedBy(call: () => Promise<unknown>): Promise<number> {
  const clients = cluster.shards.map(({ uri }) => new MongoClient(uri));
  const databases = clients.map((client) => client.db(stores.database.db.databaseName));
  try {
    await Promise.all(databases.map((db) => db.command({ profile: 2 })));
    await call();
    await Promise.all(databases.map((db) => db.command({ profile: 0 })));
    const counts = databases.map(async (db, index) => {
      const reads = await db
        .collection('system.profile')
        .find({ ns: { $not: /system/ } })
        .toArray();
      expect(reads.length).toBeGreaterThanOrEqual(cluster.shards[index]?.tier === 'hot' ? 1 : 0);
      return reads.reduce((sum, { keysExamined = 0 }) => sum + Number(keysExamined), 0);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}
