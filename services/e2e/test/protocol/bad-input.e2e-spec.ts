import { readLogs } from '@parlance/devstack';
import { MongoClient } from 'mongodb';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

let parlance: Deployment;
let ann: ChatClient;
let roomId: string;
let database: MongoClient;
const secretText = 'a-text-that-no-log-may-hold';

beforeAll(async () => {
  parlance = await startDeployment();
  database = await MongoClient.connect(parlance.mongo.uri);
  // Every command is as slow as one that MongoDB logs.
  await database.db('parlance').command({ profile: 0, slowms: -1 });
  ann = await ChatClient.connect(gateway(), 'ann');
  ({ roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] }));
  await ann.ask('sendMessage', { roomId, content: secretText });
});
afterAll(async () => {
  ann.close();
  await database.close();
  await parlance[Symbol.asyncDispose]();
});

const gateway = (): string => parlance.gateways[0]?.url ?? '';

async function storedDocuments(): Promise<number> {
  const collections = await database.db('parlance').collections();
  const counts = await Promise.all(collections.map((collection) => collection.countDocuments()));
  return counts.reduce((sum, count) => sum + count, 0);
}

it.each<[what: string, event: string, payload: (room: string) => unknown, code: string]>([
  ['an unknown event', 'deleteEverything', () => ({}), 'INVALID_MESSAGE'],
  ['an unknown field', 'sendMessage', (room) => ({ roomId: room, content: 'x', priority: 1 }), 'INVALID_MESSAGE'],
  ['a number as content', 'sendMessage', (room) => ({ roomId: room, content: 5 }), 'INVALID_MESSAGE'],
  ['no content', 'sendMessage', (room) => ({ roomId: room }), 'INVALID_MESSAGE'],
  ['an empty text', 'sendMessage', (room) => ({ roomId: room, content: '' }), 'INVALID_MESSAGE'],
  [
    'content over 16 KiB',
    'sendMessage',
    (room) => ({ roomId: room, content: 'x'.repeat(16_385) }),
    'MESSAGE_TOO_LARGE',
  ],
  [
    'content over 16 KiB of UTF-8',
    'sendMessage',
    (room) => ({ roomId: room, content: '\u{1f600}'.repeat(5_000) }),
    'MESSAGE_TOO_LARGE',
  ],
  [
    'metadata over 8 KiB',
    'sendMessage',
    (room) => ({ roomId: room, content: 'x', metadata: { a: 'x'.repeat(9_000) } }),
    'MESSAGE_TOO_LARGE',
  ],
  [
    'metadata that is no object',
    'sendMessage',
    (room) => ({ roomId: room, content: 'x', metadata: [1] }),
    'INVALID_MESSAGE',
  ],
  ['an id with braces', 'sendMessage', () => ({ roomId: '{room}', content: 'x' }), 'INVALID_MESSAGE'],
  ['an id with control characters', 'sendMessage', () => ({ roomId: 'a\u0000b', content: 'x' }), 'INVALID_MESSAGE'],
  ['an operator object as id', 'sendMessage', () => ({ roomId: { $gt: '' }, content: 'x' }), 'INVALID_MESSAGE'],
  ['an operator object as cursor', 'getHistory', (room) => ({ roomId: room, beforeId: { $gt: 0 } }), 'INVALID_MESSAGE'],
  ['a limit over 200', 'getHistory', (room) => ({ roomId: room, limit: 201 }), 'INVALID_MESSAGE'],
  ['two positions at once', 'getHistory', (room) => ({ roomId: room, beforeId: 1, afterId: 1 }), 'INVALID_MESSAGE'],
  ['null', 'sendMessage', () => null, 'INVALID_MESSAGE'],
  ['an array', 'sendMessage', () => [1, 2], 'INVALID_MESSAGE'],
  ['text', 'sendMessage', () => 'hello', 'INVALID_MESSAGE'],
  ['binary', 'sendMessage', () => Buffer.from('hello'), 'INVALID_MESSAGE'],
  ['binary inside', 'sendMessage', (room) => ({ roomId: room, content: Buffer.from('hello') }), 'INVALID_MESSAGE'],
  ['a room that does not exist', 'sendMessage', () => ({ roomId: 'nowhere', content: 'x' }), 'ROOM_NOT_FOUND'],
  [
    'a room type that does not exist',
    'createRoom',
    () => ({ roomType: 'channel', participants: ['bob'] }),
    'INVALID_MESSAGE',
  ],
  ['a 1v1 of three', 'createRoom', () => ({ roomType: '1v1', participants: ['bob', 'cy'] }), 'INVALID_MESSAGE'],
])('refuses %s as the documentation says, and stores nothing', async (_what, event, payload, code) => {
  const before = await storedDocuments();
  expect(await ann.refused(event, payload(roomId))).toMatchObject({ code, retryable: false, outcome: 'rejected' });
  expect(await storedDocuments()).toBe(before);
  expect((await ann.request('getHistory', { roomId })).success).toBe(true);
});

it('keeps people out of rooms that are not theirs', async () => {
  const mallory = await ChatClient.connect(gateway(), 'mallory');
  for (const [event, payload] of [
    ['sendMessage', { roomId, content: 'x' }],
    ['getHistory', { roomId }],
    ['joinRoom', { roomId }],
    ['leaveRoom', { roomId }],
  ] as const) {
    expect(await mallory.refused(event, payload)).toMatchObject({ code: 'ROOM_NOT_FOUND' });
  }
  mallory.close();
});

it('answers an event without an ack function with an exception and does nothing', async () => {
  const before = await storedDocuments();
  const emit = ann.socket.emit.bind(ann.socket) as (name: string, payload: unknown) => unknown;
  emit('sendMessage', { roomId, content: 'unheard' });
  await ann.until('the exception', () => ann.events.some(({ name }) => name === 'exception'));
  expect(ann.events.at(-1)?.payload).toMatchObject({ success: false, error: { code: 'INVALID_MESSAGE' } });
  expect(await storedDocuments()).toBe(before);
});

it.each<[what: string, token: () => unknown, code: string]>([
  ['no token', () => undefined, 'UNAUTHENTICATED'],
  ['a token that is no token', () => 'abc.def', 'UNAUTHENTICATED'],
  ['an object as token', () => ({ $gt: '' }), 'UNAUTHENTICATED'],
  ['an expired token', () => signToken('ann', { expiresIn: -600 }), 'TOKEN_EXPIRED'],
  ['a token signed with another key', () => signToken('ann', { secret: 'x'.repeat(32) }), 'UNAUTHENTICATED'],
  ['an unsigned token', () => signToken('ann', { header: { alg: 'none' } }), 'UNAUTHENTICATED'],
  ['a token for another audience', () => signToken('ann', { audience: 'others' }), 'UNAUTHENTICATED'],
  ['a token of another issuer', () => signToken('ann', { issuer: 'others' }), 'UNAUTHENTICATED'],
  ['a token whose subject is no id', () => signToken('{ann}'), 'UNAUTHENTICATED'],
  ['a token without a subject', () => signToken(undefined), 'UNAUTHENTICATED'],
])('refuses a connection with %s', async (_what, token, code) => {
  await expect(ChatClient.connect(gateway(), 'ann', { auth: { token: token() } })).rejects.toMatchObject({
    data: { code },
  });
  const response = await fetch(`${gateway()}/api/v1/rooms`, {
    headers: { authorization: `Bearer ${String(token())}` },
  });
  expect(response.status).toBe(401);
});

it('refuses a browser from an origin that is not on the list, and takes one that is', async () => {
  const from = (origin: string) => ChatClient.connect(gateway(), 'ann', { headers: { origin } });
  await expect(from('https://evil.example')).rejects.toBeInstanceOf(Error);
  (await from('https://chat.example')).close();
});

it('refuses a protocol version it does not speak', async () => {
  await expect(ChatClient.connect(gateway(), 'ann', { auth: { protocolVersion: 99 } })).rejects.toMatchObject({
    data: { code: 'INVALID_MESSAGE' },
  });
});

it.each(['garbage', '9', '2', '42/chat', '42/chat,{"not":"an array"}', '451-["x"]', '4'.repeat(2_000)])(
  'survives the protocol garbage %j',
  async (garbage) => {
    const socket = io(`${gateway()}/chat`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token: signToken('bob') },
    });
    await new Promise((resolve) => socket.once('ready' as never, resolve as never));
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));
    const transport = socket.io.engine.transport as unknown as { ws: WebSocket };
    transport.ws.send(garbage);
    await Promise.race([closed, ann.ask('getHistory', { roomId })]);
    socket.close();
    expect((await ann.request('getHistory', { roomId })).success).toBe(true);
  },
);

it('refuses an HTTP body that is too large, malformed or of the wrong form', async () => {
  const post = async (body: string) => {
    const response = await fetch(`${gateway()}/api/v1/rooms/${roomId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${signToken('ann')}`, 'content-type': 'application/json' },
      body,
    });
    return { status: response.status, body: await response.json() };
  };
  expect(await post('{')).toMatchObject({ status: 400, body: { success: false, error: { code: 'INVALID_MESSAGE' } } });
  expect(await post('null')).toMatchObject({ status: 400, body: { error: { code: 'INVALID_MESSAGE' } } });
  expect(await post(JSON.stringify({ content: 'x', $where: '1' }))).toMatchObject({ status: 400 });
  expect(await post(JSON.stringify({ content: 'x'.repeat(100_000) }))).toMatchObject({
    status: 413,
    body: { error: { code: 'MESSAGE_TOO_LARGE' } },
  });
});

it('writes neither content nor tokens into any log, nor do MongoDB and Redis', async () => {
  const token = signToken('ann');
  await ChatClient.connect(gateway(), 'ann', { token: `${token}x` }).catch(() => undefined);
  const text = await readLogs(parlance.directory);
  expect(text).not.toContain(secretText);
  expect(text).not.toContain(token.slice(-20));
  expect(text).toContain('ROOM_NOT_FOUND');
  expect(text).not.toContain('"Slow query"');
});
