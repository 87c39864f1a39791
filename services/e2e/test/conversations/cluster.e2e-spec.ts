import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

let parlance: Deployment;
let mongo: MongoClient;

beforeAll(async () => {
  parlance = await startDeployment({
    mongo: 'sharded',
    redis: 'cluster',
    gateways: 2,
    chatServices: 2,
  });
  mongo = new MongoClient(parlance.mongo.uri);
});

afterAll(async () => {
  await mongo?.close();
  await parlance?.[Symbol.asyncDispose]();
});

it('carries messages between clients at different gateways, and keeps each room on one hot shard', async () => {
  const [one = '', other = ''] = parlance.gateways.map(({ url }) => url);
  const [ann, bob] = await Promise.all([ChatClient.connect(one, 'ann'), ChatClient.connect(other, 'bob')]);
  const rooms = await Promise.all(
    Array.from({ length: 24 }, () => ann.ask('createRoom', { roomType: 'group', participants: ['bob'] })),
  );
  for (const { roomId } of rooms) {
    expect((await ann.ask('sendMessage', { roomId, content: 'from ann' })).messageId).toBe(1);
    expect((await bob.ask('sendMessage', { roomId, content: 'from bob' })).messageId).toBe(2);
  }
  for (const client of [ann, bob]) {
    await client.until('all messages', () => rooms.every(({ roomId }) => client.idsOf(roomId).length === 2));
  }
  const history = await bob.ask('getHistory', { roomId: rooms[0]?.roomId ?? '' });
  expect(history).toMatchObject([{ content: 'from ann' }, { content: 'from bob' }]);
  ann.close();
  bob.close();

  const counts = await Promise.all(
    (parlance.shardedMongo?.shards ?? []).map(async ({ name, uri }) => [name, await messagesAt(uri)] as const),
  );
  expect(counts.filter(([, count]) => count > 0).map(([name]) => name)).toEqual(['hot-1', 'hot-2']);
  expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(48);
});

it('goes on after the router was killed, and loses nothing when a hot shard dies', async () => {
  const [one = ''] = parlance.gateways.map(({ url }) => url);
  const ann = await ChatClient.connect(one, 'ann');
  const { roomId } = await ann.ask('createRoom', { roomType: '1v1', participants: ['cy'] });
  const cluster = parlance.shardedMongo;
  let expected = 0;
  for (const victim of [cluster?.router, ...(cluster?.shards ?? []).slice(0, 2).flatMap(({ nodes }) => nodes)]) {
    await victim?.kill();
    const sending = sent(ann, roomId, `while ${victim?.name} is away`);
    await victim?.restart();
    expect(await sending).toBe(++expected);
  }
  const history = await ann.ask('getHistory', { roomId });
  expect(history).toHaveLength(3);
  ann.close();
});

/** Sends one message until it is acknowledged, under one id as the SDK does. */
async function sent(client: ChatClient, roomId: string, content: string): Promise<number> {
  const clientMessageId = crypto.randomUUID();
  for (;;) {
    const ack = await client.request('sendMessage', { roomId, content, clientMessageId });
    if (ack.success) return ack.data.messageId;
    expect(ack.error.retryable).toBe(true);
  }
}

async function messagesAt(uri: string): Promise<number> {
  const client = new MongoClient(uri);
  try {
    const db = client.db('parlance');
    const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
    const counts = names
      .filter((name) => name.startsWith('messages_'))
      .map((name) => db.collection(name).countDocuments());
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  } finally {
    await client.close();
  }
}
