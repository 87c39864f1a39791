import { ParlanceClient } from '@parlance/client';
import { freePorts } from '@parlance/devstack';
import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

const gatewayOf = (parlance: Deployment): string => parlance.gateways[0]?.url ?? '';

async function readiness(parlance: Deployment): Promise<unknown> {
  return (await fetch(`${parlance.gateways[0]?.opsUrl}/readyz`)).json();
}

/** Sends until it is accepted, always under the same client id; answers the codes met on the way. */
async function sendUntilAccepted(client: ChatClient, roomId: string, clientMessageId: string): Promise<string[]> {
  const met: string[] = [];
  for (;;) {
    const ack = await client.request('sendMessage', { roomId, content: clientMessageId, clientMessageId });
    if (ack.success) return met;
    expect(ack.error.retryable).toBe(true);
    met.push(ack.error.code);
  }
}

it('keeps sending and delivering without Redis, and delivers live again when Redis is back', async () => {
  await using parlance = await startDeployment({ mongo: 'shared' });
  const [ann, bob] = await Promise.all([
    ChatClient.connect(gatewayOf(parlance), 'ann'),
    ChatClient.connect(gatewayOf(parlance), 'bob'),
  ]);
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
  await ann.ask('sendMessage', { roomId, content: 'before' });
  await bob.until('the first message', () => bob.idsOf(roomId).length === 1);

  const [redis] = parlance.redis.nodes;
  await redis?.kill('SIGKILL');
  for (let index = 0; index < 10; index++) await ann.ask('sendMessage', { roomId, content: `without Redis ${index}` });
  const late = await ChatClient.connect(gatewayOf(parlance), 'bob');
  expect(late.ready.rooms).toMatchObject([{ roomId, head: 11 }]);
  await bob.until('what was sent without Redis', () => bob.idsOf(roomId).length === 11);
  await expect.poll(() => readiness(parlance)).toMatchObject({ status: 'ready', degraded: true });

  await redis?.restart();
  await expect.poll(() => readiness(parlance)).toMatchObject({ status: 'ready', degraded: false });
  await ann.ask('sendMessage', { roomId, content: 'after' });
  for (const client of [bob, late]) await client.until('the last message', () => client.idsOf(roomId).at(-1) === 12);
  expect(bob.idsOf(roomId)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  for (const client of [ann, bob, late]) client.close();
});

it('answers a retryable error while MongoDB is away and goes on when it is back', async () => {
  await using parlance = await startDeployment({ env: { REQUEST_TIMEOUT_MS: '2000' } });
  const ann = await ChatClient.connect(gatewayOf(parlance), 'ann');
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
  await ann.ask('sendMessage', { roomId, content: 'before', clientMessageId: 'before' });
  const [mongo] = parlance.mongo.nodes;
  await mongo?.kill('SIGKILL');
  const refused = await ann.refused('sendMessage', { roomId, content: 'during', clientMessageId: 'during' });
  expect(refused).toMatchObject({
    retryable: true,
    code: expect.stringMatching(/STORE_UNAVAILABLE|DEADLINE_EXCEEDED/),
  });
  const health = async (): Promise<unknown> => (await fetch(`${parlance.chatServices[0]?.opsUrl}/readyz`)).json();
  const isDown = expect.arrayContaining([expect.objectContaining({ name: 'mongodb', state: 'down' })]);
  await expect.poll(health).toMatchObject({ status: 'ready', degraded: true, checks: isDown });
  await mongo?.restart();
  await sendUntilAccepted(ann, roomId, 'during');
  await sendUntilAccepted(ann, roomId, 'after');
  expect((await ann.ask('getHistory', { roomId })).map(({ content }) => content)).toEqual([
    'before',
    'during',
    'after',
  ]);
  await expect.poll(health, { timeout: 60_000 }).toMatchObject({ status: 'ready', degraded: false });
  ann.close();
});

it('loses and doubles nothing when a chat service is killed under load', async () => {
  await using parlance = await startDeployment({ mongo: 'shared', chatServices: 2, gateways: 2 });
  const [ann, bob] = await Promise.all([
    ChatClient.connect(parlance.gateways[0]?.url ?? '', 'ann'),
    ChatClient.connect(parlance.gateways[1]?.url ?? '', 'bob'),
  ]);
  const rooms = await Promise.all(
    Array.from(
      { length: 8 },
      async () => (await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] })).roomId,
    ),
  );
  const [victim] = parlance.chatServices;
  let killed: Promise<void> | undefined;
  for (let round = 0; round < 20; round++) {
    await Promise.all(rooms.map((roomId) => sendUntilAccepted(ann, roomId, `m-${round}`)));
    if (round === 5) killed = victim?.process.kill('SIGKILL');
    if (round === 10) await victim?.process.restart();
  }
  await killed;
  for (const roomId of rooms) {
    const history = await bob.ask('getHistory', { roomId, limit: 200 });
    expect(history.map(({ content }) => content)).toEqual(Array.from({ length: 20 }, (_, round) => `m-${round}`));
    await bob.until('all messages', () => bob.idsOf(roomId).length === 20, 40_000);
    expect(bob.idsOf(roomId)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  }
  ann.close();
  bob.close();
});

it('brings at once what a chat service stored and could not tell of before it died (R9)', async () => {
  // Chat services that cannot publish commit and tell nobody, as one does that dies between the two; and gateways whose
  // own Redis works, and whose sweep is far away, have nothing but the broken stream to learn it from.
  const [nowhere = 0] = await freePorts(1);
  await using parlance = await startDeployment({
    mongo: 'shared',
    chatServices: 2,
    gateways: 2,
    env: { HEAD_SWEEP_MS: '600000' },
    envOf: (name) => (name.startsWith('chat-service') ? { REDIS_NODES: `127.0.0.1:${nowhere}` } : {}),
  });
  const [ann, setup] = await Promise.all([
    ChatClient.connect(parlance.gateways[0]?.url ?? '', 'ann'),
    ChatClient.connect(parlance.gateways[0]?.url ?? '', 'bob'),
  ]);
  const rooms = await Promise.all(
    Array.from(
      { length: 6 },
      async () => (await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] })).roomId,
    ),
  );
  setup.close();
  // Connected only now: the rooms were not told of either.
  const bob = await ChatClient.connect(parlance.gateways[1]?.url ?? '', 'bob');
  const contents = Array.from({ length: 10 }, (_, index) => `untold ${index}`);
  for (const content of contents) await Promise.all(rooms.map((roomId) => ann.ask('sendMessage', { roomId, content })));
  expect(bob.messages.length).toBeLessThan(rooms.length * contents.length);
  await parlance.chatServices[0]?.process.kill('SIGKILL');
  await parlance.chatServices[0]?.process.restart();
  await parlance.chatServices[1]?.process.kill('SIGKILL');
  for (const roomId of rooms) {
    await bob.until('all messages', () => bob.idsOf(roomId).length === contents.length);
    expect(bob.messages.filter((message) => message.roomId === roomId).map(({ content }) => content)).toEqual(contents);
  }
  for (const client of [ann, bob]) client.close();
});

it('shows what follows when the log has gone back under a client and a gateway that stay, as after a restored backup', async () => {
  await using parlance = await startDeployment({ mongo: 'shared', env: { HEAD_SWEEP_MS: '1000' } });
  const ann = await ChatClient.connect(gatewayOf(parlance), 'ann');
  const bob = new ParlanceClient({ url: gatewayOf(parlance), getToken: () => signToken('bob') });
  const wentBack = new Promise<number>((resolve) => void bob.on('wentBack', ({ room }) => resolve(room.head)));
  await bob.connect();
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
  for (let id = 1; id <= 10; id++) await ann.ask('sendMessage', { roomId, content: `${id}` });
  const shown = (): readonly string[] => bob.room(roomId)?.messages.map(({ content }) => content) ?? [];
  await expect.poll(shown, { timeout: 30_000 }).toEqual(Array.from({ length: 10 }, (_, index) => `${index + 1}`));

  const [chatService] = parlance.chatServices;
  await chatService?.process.stop();
  await using mongo = await MongoClient.connect(parlance.mongo.uri);
  for (const { collectionName } of await mongo.db().collections()) {
    if (!collectionName.startsWith('messages_')) continue;
    const messages = mongo.db().collection(collectionName);
    await messages.deleteMany({ roomId, messageId: { $gt: 5 } }, { writeConcern: { w: 'majority' } });
  }
  await chatService?.process.restart();

  expect(await wentBack).toBe(5);
  for (let id = 6; id <= 10; id++) await sendUntilAccepted(ann, roomId, `new-${id}`);
  const expected = ['5', 'new-6', 'new-7', 'new-8', 'new-9', 'new-10'];
  await expect.poll(shown, { timeout: 30_000 }).toEqual(expected);
  await bob.loadOlder(roomId);
  expect(shown()).toEqual(['1', '2', '3', '4', ...expected]);
  const ids = ann.idsOf(roomId);
  expect(ids.slice(-5)).toEqual([6, 7, 8, 9, 10]);
  expect((await ann.ask('getHistory', { roomId })).map(({ content }) => content)).toEqual(shown());
  ann.close();
  bob.close();
});
