import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

let parlance: Deployment;
beforeAll(async () => {
  parlance = await startDeployment();
});
afterAll(() => parlance[Symbol.asyncDispose]());

const gateway = (): string => parlance.gateways[0]?.url ?? '';

it('carries messages both ways between two clients and stores them', async () => {
  const [ann, bob] = await Promise.all([ChatClient.connect(gateway(), 'ann'), ChatClient.connect(gateway(), 'bob')]);
  const room = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'], metadata: { name: 'Lunch' } });
  const hello = await ann.ask('sendMessage', { roomId: room.roomId, content: 'Hello Bob', metadata: { mood: 'good' } });
  const answer = await bob.ask('sendMessage', { roomId: room.roomId, content: 'Hello Ann' });
  expect([hello, answer]).toMatchObject([
    { messageId: 1, senderId: 'ann', content: 'Hello Bob', status: 'sent', deduplicated: false, messageType: 'text' },
    { messageId: 2, senderId: 'bob', content: 'Hello Ann' },
  ]);
  for (const client of [ann, bob]) {
    await client.until('both messages', () => client.idsOf(room.roomId).length === 2);
    expect(client.messages).toMatchObject([
      {
        messageId: 1,
        content: 'Hello Bob',
        metadata: { mood: 'good' },
        roomId: room.roomId,
        monthYear: hello.monthYear,
      },
      { messageId: 2, content: 'Hello Ann' },
    ]);
  }
  // Whoever answers has read what was said before, and the marks are written a moment later.
  const [first, second] = bob.messages;
  const read = { ...first, status: 'read', deliveredTo: ['bob'], readBy: [{ userId: 'bob' }] };
  await expect
    .poll(() => bob.request('getHistory', { roomId: room.roomId }))
    .toMatchObject({ success: true, hasMore: false, data: [read, second] });
  ann.close();
  bob.close();
});

it('shows the same history after everything was killed at once and started again', async () => {
  const ann = await ChatClient.connect(gateway(), 'ann');
  const { roomId } = await ann.ask('createRoom', { roomType: '1v1', participants: ['cy'] });
  for (let index = 1; index <= 20; index++) await ann.ask('sendMessage', { roomId, content: `message ${index}` });
  const before = await ann.ask('getHistory', { roomId });
  ann.close();

  const services = [...parlance.gateways, ...parlance.chatServices].map(({ process }) => process);
  const servers = [...parlance.mongo.nodes, ...parlance.redis.nodes];
  await Promise.all([...services, ...servers].map((part) => part.kill('SIGKILL')));
  await Promise.all(servers.map((server) => server.restart()));
  for (const service of services.toReversed()) await service.restart();

  const cy = await ChatClient.connect(gateway(), 'cy');
  expect(cy.ready.rooms).toMatchObject([{ roomId, head: 20 }]);
  expect(await cy.ask('getHistory', { roomId })).toEqual(before);
  expect((await cy.ask('sendMessage', { roomId, content: 'still here' })).messageId).toBe(21);
  cy.close();
});

it('tells a participant who is connected elsewhere of a room that was made meanwhile', async () => {
  const dan = await ChatClient.connect(gateway(), 'dan');
  const ann = await ChatClient.connect(gateway(), 'ann');
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['dan'] });
  await dan.until('the room', () => dan.events.some(({ name }) => name === 'roomJoined'));
  await ann.ask('sendMessage', { roomId, content: 'welcome' });
  await dan.until('the message', () => dan.idsOf(roomId).length === 1);
  expect(dan.messages).toMatchObject([{ roomId, content: 'welcome' }]);
  dan.close();
  ann.close();
});

it('delivers nothing more to someone who has left', async () => {
  const [ann, eve] = await Promise.all([ChatClient.connect(gateway(), 'ann'), ChatClient.connect(gateway(), 'eve')]);
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['eve'] });
  await ann.ask('sendMessage', { roomId, content: 'one' });
  await eve.until('the first message', () => eve.idsOf(roomId).length === 1);
  await eve.ask('leaveRoom', { roomId });
  await ann.ask('sendMessage', { roomId, content: 'two' });
  await ann.until('the second message', () => ann.idsOf(roomId).length === 2);
  await ann.ask('listRooms', {});
  expect(eve.idsOf(roomId)).toEqual([1]);
  expect(await eve.refused('getHistory', { roomId })).toMatchObject({ code: 'ROOM_NOT_FOUND' });
  ann.close();
  eve.close();
});

it('offers the same over HTTP', async () => {
  const call = async (path: string, body?: unknown) => {
    const { signToken } = await import('../../src/clients/sign-token.js');
    const response = await fetch(`${gateway()}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${signToken('hal')}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      body: (await response.json()) as { success: boolean; data: Record<string, unknown> },
    };
  };
  const created = await call('/rooms', { roomType: 'group', participants: ['ida'] });
  expect(created.body).toMatchObject({ success: true, data: { role: 'owner' } });
  const roomId = String(created.body.data['roomId']);
  const sent = await call(`/rooms/${roomId}/messages`, { content: 'by HTTP' });
  expect(sent.body).toMatchObject({ success: true, data: { messageId: 1, content: 'by HTTP' } });
  expect((await call(`/rooms/${roomId}/messages?limit=5`)).body).toMatchObject({
    success: true,
    data: [{ messageId: 1 }],
  });
  expect((await call('/rooms')).body).toMatchObject({ success: true, data: [{ roomId, head: 1 }] });
  expect(await call('/rooms/unknown')).toMatchObject({ status: 404, body: { error: { code: 'ROOM_NOT_FOUND' } } });
});
