import { expect, it } from 'vitest';
import { ChatClient } from '../src/clients/chat-client.js';
import { startDeployment } from '../src/deployment/start-deployment.js';

const clientCount = 20;
const sendsEach = 100;

it('gives 2,000 sends of 20 clients over two gateways and two chat services one gapless order', async () => {
  await using parlance = await startDeployment({ gateways: 2, chatServices: 2 });
  const users = Array.from({ length: clientCount }, (_, index) => `user-${index}`);
  const clients = await Promise.all(
    users.map((user, index) => ChatClient.connect(parlance.gateways[index % 2]?.url ?? '', user)),
  );
  const [first] = clients;
  if (!first) throw new Error('no client');
  const { roomId } = await first.ask('createRoom', { roomType: 'group', participants: users });
  for (const client of clients) {
    await client.until('the room', () => client.events.some(({ name }) => name === 'roomJoined'));
  }

  const acks = await Promise.all(
    clients.flatMap((client) =>
      Array.from({ length: sendsEach }, (_, number) =>
        client.ask('sendMessage', { roomId, content: `${number}`, clientMessageId: `${client.userId}.${number}` }),
      ),
    ),
  );
  const total = clientCount * sendsEach;
  const everyId = Array.from({ length: total }, (_, index) => index + 1);
  expect(acks.map(({ messageId }) => messageId).toSorted((left, right) => left - right)).toEqual(everyId);

  for (const client of clients) {
    await client.until('all messages', () => client.idsOf(roomId).length >= total);
    expect(client.idsOf(roomId)).toEqual(everyId);
    for (const user of users) {
      const own = client.messages.filter(({ senderId }) => senderId === user).map(({ content }) => Number(content));
      expect(own).toEqual(Array.from({ length: sendsEach }, (_, index) => index));
    }
  }
  for (const client of clients) client.close();
});

it('answers a retry on the other gateway with the first message, and another body with a conflict', async () => {
  await using parlance = await startDeployment({ gateways: 2, chatServices: 2 });
  const [one, two] = parlance.gateways.map(({ url }) => url);
  const [here, there] = await Promise.all([ChatClient.connect(one ?? '', 'ann'), ChatClient.connect(two ?? '', 'ann')]);
  const { roomId } = await here.ask('createRoom', { roomType: 'group', participants: ['bob'] });
  const message = { roomId, content: 'only once', clientMessageId: 'c-1', metadata: { a: 1 } };
  const { deduplicated, ...stored } = await here.ask('sendMessage', message);
  expect(deduplicated).toBe(false);
  for (const client of [here, there]) {
    expect(await client.ask('sendMessage', message)).toEqual({ ...stored, deduplicated: true });
    expect(await client.refused('sendMessage', { ...message, content: 'twice' })).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      retryable: false,
      outcome: 'rejected',
    });
  }
  expect(await there.ask('getHistory', { roomId })).toHaveLength(1);
  here.close();
  there.close();
});

it('works the same on a Redis Cluster', async () => {
  await using parlance = await startDeployment({ gateways: 2, redis: 'cluster' });
  const [one, two] = parlance.gateways.map(({ url }) => url);
  const [ann, bob] = await Promise.all([ChatClient.connect(one ?? '', 'ann'), ChatClient.connect(two ?? '', 'bob')]);
  const rooms = await Promise.all(
    Array.from({ length: 10 }, () => ann.ask('createRoom', { roomType: 'group', participants: ['bob'] })),
  );
  for (const { roomId } of rooms) {
    await bob.until('the room', () =>
      bob.events.some(({ payload }) => (payload as { roomId: string }).roomId === roomId),
    );
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => ann.ask('sendMessage', { roomId, content: `${index}` })),
    );
  }
  for (const { roomId } of rooms) {
    await bob.until('20 messages', () => bob.idsOf(roomId).length === 20);
    expect(bob.idsOf(roomId)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  }
  ann.close();
  bob.close();
});
