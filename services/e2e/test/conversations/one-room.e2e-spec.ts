import { readFile } from 'node:fs/promises';
import type { RoomJoined } from '@parlance/proto';
import { expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

/** A crowd comes from one address. */
const env = { HANDSHAKES_PER_IP_PER_MINUTE: '100000' };

/**
 * Creates a room of a few hundred connected people and adds most of them to another: each socket is told once of each,
 * and gets the message sent right after.
 */
async function tellsACrowdOnce({ gateways }: Deployment): Promise<void> {
  const users = Array.from({ length: 200 }, (_, index) => `crowd-${index}`);
  const clients: ChatClient[] = [];
  for (let start = 0; start < users.length; start += 50) {
    const some = users
      .slice(start, start + 50)
      .map((user, index) => ChatClient.connect(gateways[index % 2]?.url ?? '', user));
    clients.push(...(await Promise.all(some)));
  }
  const [host] = clients;
  if (!host) throw new Error('no client');
  const create = async (participants: string[]) =>
    (await host.ask('createRoom', { roomType: 'group', participants })).roomId;
  const told = (client: ChatClient, roomId: string) =>
    client.events.flatMap(({ name, payload }) => {
      const { userIds, ...joined } = payload as RoomJoined;
      return name === 'roomJoined' && joined.roomId === roomId ? [{ ...joined, userIds: userIds.toSorted() }] : [];
    });
  const gets = async (some: readonly ChatClient[], roomId: string, messageId: number) => {
    for (const client of some) await client.until('the message', () => client.idsOf(roomId).includes(messageId));
  };

  const founders = users.slice(0, 100);
  const newcomers = users.slice(100);
  const everybodys = await create(users);
  await host.ask('sendMessage', { roomId: everybodys, content: 'right after' });
  const growing = await create(founders);
  await host.ask('addParticipants', { roomId: growing, userIds: newcomers });
  await host.ask('sendMessage', { roomId: growing, content: 'right after' });
  await gets(clients, everybodys, 1);
  await gets(clients, growing, 1);
  // A second copy comes by another channel. Every channel keeps its order, so what follows comes behind it.
  const last = await create(users);
  for (const client of clients) await client.until('the last room', () => told(client, last).length > 0);
  await host.ask('sendMessage', { roomId: everybodys, content: 'last' });
  await gets(clients, everybodys, 2);

  const timestamp = expect.any(Number);
  const all = { roomId: everybodys, userIds: users.toSorted(), userCount: users.length, rev: 0, timestamp };
  const first = { roomId: growing, userIds: founders.toSorted(), userCount: founders.length, rev: 0, timestamp };
  const then = { roomId: growing, userIds: newcomers.toSorted(), userCount: newcomers.length, rev: 100, timestamp };
  for (const client of clients) {
    expect(told(client, everybodys)).toEqual([all]);
    expect(told(client, growing)).toEqual(founders.includes(client.userId) ? [first, then] : [then]);
    client.close();
  }
}

const clientCount = 20;
const sendsEach = 100;

it('gives 2,000 sends of 20 clients over two gateways and two chat services one gapless order, tells 200 of a room once, and logs no request', async () => {
  await using parlance = await startDeployment({ mongo: 'shared', gateways: 2, chatServices: 2, env });
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
  await tellsACrowdOnce(parlance);
  for (const { process } of [...parlance.gateways, ...parlance.chatServices]) {
    const lines = (await readFile(process.logFile, 'utf8')).trim().split('\n');
    expect(lines.filter((line) => /"(?:event|operation)":/.test(line))).toEqual([]);
    expect(lines.length).toBeLessThan(30);
  }
});

it('works the same on a Redis Cluster, where an event may come twice', async () => {
  await using parlance = await startDeployment({ mongo: 'shared', gateways: 2, redis: 'cluster', env });
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
  await tellsACrowdOnce(parlance);
});
