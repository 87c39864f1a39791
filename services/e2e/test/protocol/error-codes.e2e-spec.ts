import { type AckFailure, type ChatRoom, type ErrorReason, errorReasons, errorTable } from '@parlance/proto';
import { MongoClient, ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { HttpClient, type HttpRefusal } from '../../src/clients/http-client.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';
import { sabotageArguments } from '../../src/sabotage/sabotage-arguments.js';

/**
 * Every row of the table of errors as clients meet it. The second gateway is there to be stopped. The chat service runs
 * with the sabotage "answer-as-asked" for what nothing in the product answers by itself; its sends are limited.
 */
let parlance: Deployment;
let database: MongoClient;
let ann: ChatClient;
let annHttp: HttpClient;
let roomId: string;
const open: ChatClient[] = [];

beforeAll(async () => {
  parlance = await startDeployment({
    mongo: 'shared',
    gateways: 2,
    env: {
      SEND_PER_USER_PER_SECOND: '5',
      SEND_PER_USER_BURST: '20',
      REQUEST_TIMEOUT_MS: '2000',
      MAX_CONNECTIONS_PER_USER: '2',
    },
    envOf: (name): Record<string, string> => {
      if (name === 'gateway-2') return { REQUEST_TIMEOUT_MS: '20000', SHUTDOWN_GRACE_MS: '60000' };
      return name.startsWith('chat-service') ? { SABOTAGE: 'answer-as-asked' } : {};
    },
    nodeArgsOf: (name) => (name.startsWith('chat-service') ? sabotageArguments : []),
  });
  database = await MongoClient.connect(parlance.mongo.uri);
  ann = await connect('ann');
  annHttp = new HttpClient(gateway(), 'ann');
  ({ roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] }));
});
afterAll(async () => {
  for (const client of open) client.close();
  await database.close();
  await parlance[Symbol.asyncDispose]();
});

const gateway = (index = 0): string => parlance.gateways[index]?.url ?? '';
const opsOf = (index = 0): string => parlance.gateways[index]?.opsUrl ?? '';

async function connect(userId: string, url = gateway()): Promise<ChatClient> {
  const client = await ChatClient.connect(url, userId);
  open.push(client);
  return client;
}

/** What a handshake is refused with. */
async function refusedHandshake(...[url, userId, options]: Parameters<typeof ChatClient.connect>): Promise<Failure> {
  try {
    open.push(await ChatClient.connect(url, userId, options));
  } catch (error) {
    return (error as { data: Failure }).data;
  }
  throw new Error('the handshake was accepted');
}

/** The first refusal of many requests made at once. */
async function firstRefusal<Refusal>(requests: readonly Promise<Refusal | undefined>[]): Promise<Refusal> {
  const refusal = (await Promise.all(requests)).find((each) => each !== undefined);
  if (refusal === undefined) throw new Error('all were accepted');
  return refusal;
}

/** The value of a metric without labels of a gateway. */
async function metricOf(name: string, opsUrl = opsOf()): Promise<number> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]);
}

/** Waits until a gateway has a stream to the chat service: each gateway finds a restarted one in its own time. */
async function linkUp(opsUrl = opsOf()): Promise<void> {
  await expect.poll(() => metricOf('chat_gateway_streams', opsUrl)).toBe(1);
}

/** How a code is met on each transport, by the same fault where there is one. */
interface Provocation {
  readonly socket: () => Promise<Failure>;
  /** `never`: no HTTP request can meet it. */
  readonly http: 'never' | (() => Promise<HttpRefusal>);
  /** Beyond the table's own text: what is more exact. */
  readonly text?: string;
  /** Where the outcome is `unknown`; elsewhere it is `rejected`. */
  readonly unknownOn?: readonly ('socket' | 'http')[];
  readonly retryAfter?: true;
}

type Failure = AckFailure['error'];

/** The same event and request, both refused. */
const both = (event: string, payload: () => object, http: () => Promise<HttpRefusal>) => ({
  socket: () => ann.refused(event, payload()),
  http,
});

/** A send that gets the answer that its text asks for, on both transports. */
function asked(code: ErrorReason, outcome: 'rejected' | 'unknown') {
  const content = `answer ${code} ${outcome}`;
  return both(
    'sendMessage',
    () => ({ roomId, content }),
    () => annHttp.refused('POST', `/rooms/${roomId}/messages`, { content }),
  );
}

const everybody = Array.from({ length: 1_000 }, (_, index) => `m${index}`);

/** Total by type: a new code does not compile without its provocation. */
const provocations: Readonly<Record<ErrorReason, Provocation>> = {
  INVALID_MESSAGE: {
    ...both(
      'sendMessage',
      () => ({ roomId, content: 'x', priority: 1 }),
      () => annHttp.refused('POST', `/rooms/${roomId}/messages`, { content: 'x', priority: 1 }),
    ),
    text: 'The payload: unknown field priority.',
  },
  MESSAGE_TOO_LARGE: {
    ...both(
      'sendMessage',
      () => ({ roomId, content: 'x'.repeat(16_385) }),
      () => annHttp.refused('POST', `/rooms/${roomId}/messages`, { content: 'x'.repeat(16_385) }),
    ),
    text: 'content: is over 16384 bytes.',
  },
  UNAUTHENTICATED: {
    socket: () => refusedHandshake(gateway(), 'ann', { token: 'no-token' }),
    http: () => new HttpClient(gateway(), 'ann', { authorization: 'Bearer no-token' }).refused('GET', '/rooms'),
    text: 'The token is no signed JWT: that is three parts in base64url with dots between them.',
  },
  TOKEN_EXPIRED: {
    socket: () => refusedHandshake(gateway(), 'ann', { token: signToken('ann', { expiresIn: -600 }) }),
    http: () => {
      const authorization = `Bearer ${signToken('ann', { expiresIn: -600 })}`;
      return new HttpClient(gateway(), 'ann', { authorization }).refused('GET', '/rooms');
    },
  },
  ORIGIN_NOT_ALLOWED: {
    socket: () => refusedHandshake(gateway(), 'ann', { headers: { origin: 'https://evil.example' } }),
    http: () => new HttpClient(gateway(), 'ann', { origin: 'https://evil.example' }).refused('GET', '/rooms'),
  },
  PERMISSION_DENIED: {
    socket: async () => (await connect('bob')).refused('updateRoom', { roomId, metadata: { name: 'Mine' } }),
    http: () => new HttpClient(gateway(), 'bob').refused('PATCH', `/rooms/${roomId}`, { metadata: { name: 'Mine' } }),
    text: 'updateRoom takes the role owner or admin.',
  },
  NOT_A_PARTICIPANT: {
    socket: async () => (await connect('zoe')).refused('getHistory', { roomId: await openRoom() }),
    http: async () => new HttpClient(gateway(), 'zoe').refused('GET', `/rooms/${await openRoom()}/messages`),
  },
  ROOM_NOT_FOUND: both(
    'getHistory',
    () => ({ roomId: 'nowhere' }),
    () => annHttp.refused('GET', '/rooms/nowhere/messages'),
  ),
  MESSAGE_NOT_FOUND: asked('MESSAGE_NOT_FOUND', 'rejected'),
  ROOM_FULL: both(
    'createRoom',
    () => ({ roomType: 'group', participants: everybody }),
    () => annHttp.refused('POST', '/rooms', { roomType: 'group', participants: everybody }),
  ),
  IDEMPOTENCY_CONFLICT: {
    socket: async () => {
      await ann.ask('sendMessage', { roomId, content: 'one', clientMessageId: 'twice' });
      return ann.refused('sendMessage', { roomId, content: 'another', clientMessageId: 'twice' });
    },
    http: () => annHttp.refused('POST', `/rooms/${roomId}/messages`, { content: 'another', clientMessageId: 'twice' }),
  },
  RATE_LIMITED: {
    socket: async () => {
      const room = await openRoom();
      const sends = Array.from({ length: 60 }, async (_, index) => {
        const ack = await ann.request('sendMessage', { roomId: room, content: `${index}` });
        return ack.success ? undefined : ack.error;
      });
      return firstRefusal(sends);
    },
    http: async () => {
      const room = await openRoom();
      const sends = Array.from({ length: 60 }, async (_, index) => {
        const path = `/rooms/${room}/messages`;
        const { status, headers, body } = await annHttp.request('POST', path, { content: `${index}` });
        return body.success ? undefined : { status, error: body.error, retryAfter: headers.get('retry-after') };
      });
      return firstRefusal(sends);
    },
    retryAfter: true,
  },
  TOO_MANY_CONNECTIONS: {
    socket: async () => {
      await Promise.all([connect('crowd'), connect('crowd')]);
      return refusedHandshake(gateway(), 'crowd');
    },
    http: 'never',
    text: 'A user may have 2 connections.',
  },
  STORE_UNAVAILABLE: {
    socket: async () => {
      await parlance.chatServices[0]?.process.kill('SIGKILL');
      await expect.poll(() => metricOf('chat_gateway_streams')).toBe(0);
      return ann.refused('sendMessage', { roomId, content: 'to nobody' });
    },
    http: async () => {
      const refusal = await annHttp.refused('POST', `/rooms/${roomId}/messages`, { content: 'to nobody' });
      await parlance.chatServices[0]?.process.start();
      await linkUp();
      return refusal;
    },
  },
  ARCHIVE_UNAVAILABLE: asked('ARCHIVE_UNAVAILABLE', 'rejected'),
  DEADLINE_EXCEEDED: {
    socket: async () => {
      await parlance.chatServices[0]?.process.pause();
      return ann.refused('sendMessage', { roomId, content: 'to somebody frozen' });
    },
    http: async () => {
      const refusal = await annHttp.refused('POST', `/rooms/${roomId}/messages`, { content: 'to somebody frozen' });
      await parlance.chatServices[0]?.process.cont();
      return refusal;
    },
    unknownOn: ['socket', 'http'],
  },
  SHUTTING_DOWN: {
    socket: async () => {
      await linkUp(opsOf(1));
      const leaving = await connect('dan', gateway(1));
      await parlance.chatServices[0]?.process.pause();
      const underWay = leaving.request('listRooms', {});
      await expect.poll(() => metricOf('chat_gateway_calls_in_flight', opsOf(1))).toBeGreaterThan(0);
      const stopped = parlance.gateways[1]?.process.kill('SIGTERM');
      await leaving.until('the farewell', () => leaving.events.some(({ name }) => name === 'reconnectIn'));
      const handshake = await refusedHandshake(gateway(1), 'dan');
      expect(await leaving.refused('listRooms', {})).toEqual(handshake);
      await parlance.chatServices[0]?.process.cont();
      expect(await underWay).toMatchObject({ success: true });
      await stopped;
      return handshake;
    },
    // The gateway takes what a stopping chat service turns away to another one, and itself serves HTTP to its end.
    http: () => annHttp.refused('POST', `/rooms/${roomId}/messages`, { content: 'answer SHUTTING_DOWN unknown' }),
    unknownOn: ['http'],
  },
  INTERNAL: {
    socket: async () => {
      await damagedRoom();
      return ann.refused('joinRoom', { roomId: 'damaged' });
    },
    http: () => annHttp.refused('PATCH', '/rooms/damaged', { metadata: { name: 'Whole again' } }),
    unknownOn: ['socket', 'http'],
  },
};

let openRoomId: string | undefined;

/** A room of ann's that anybody may join. */
async function openRoom(): Promise<string> {
  const body = { roomType: 'group', participants: [], joinRule: 'open' };
  openRoomId ??= (await annHttp.ask<ChatRoom>('POST', '/rooms', body)).roomId;
  return openRoomId;
}

/** A room of ann's whose document is not what it should be, as after a mishap in the database. */
async function damagedRoom(): Promise<void> {
  const [rooms, participants] = ['rooms', 'participants'].map((name) => database.db().collection(name));
  const [room, place] = [await rooms?.findOne({ roomId }), await participants?.findOne({ roomId, userId: 'ann' })];
  await rooms?.insertOne({ ...room, _id: 'damaged' as never, roomId: 'damaged', createdAt: null });
  await participants?.insertOne({ ...place, _id: new ObjectId(), roomId: 'damaged' });
}

const met = new Set<string>();

describe.each(errorReasons)('%s', (code) => {
  const { socket, http, text = errorTable[code].text, unknownOn = [], retryAfter } = provocations[code];
  const expected = (transport: 'socket' | 'http') => ({
    code,
    message: text,
    retryable: errorTable[code].retryable,
    outcome: unknownOn.includes(transport) ? 'unknown' : 'rejected',
    ...(retryAfter ? { retryAfterMs: expect.any(Number) as number } : {}),
  });

  it('is what a socket gets', async () => {
    const error = await socket();
    expect(error).toEqual(expected('socket'));
    met.add(error.code);
  });

  if (http === 'never') return;
  it('is what an HTTP client gets, with its status', async () => {
    const { status, error, retryAfter: header } = await http();
    expect({ status, error }).toEqual({ status: errorTable[code].httpStatus, error: expected('http') });
    expect(header).toBe(retryAfter ? `${Math.ceil((error.retryAfterMs ?? 0) / 1_000)}` : null);
    met.add(error.code);
  });
});

/** A `rejected` SHUTTING_DOWN is not passed on: the gateway goes to another chat service. */
const passedOn = errorReasons.flatMap((code) =>
  (['rejected', 'unknown'] as const)
    .filter((outcome) => code !== 'SHUTTING_DOWN' || outcome === 'unknown')
    .map((outcome) => [code, outcome] as const),
);

it.each(passedOn)('passes %s, %s, of a chat service on as the table says', async (code, outcome) => {
  const bot = new HttpClient(gateway(), 'bob');
  const { retryable, httpStatus, text, outcome: kind } = errorTable[code];
  const error = { code, message: text, retryable, outcome: kind === 'rejected' ? 'rejected' : outcome };
  const content = `answer ${code} ${outcome}`;
  expect(await ann.refused('sendMessage', { roomId, content })).toEqual(error);
  expect(await bot.refused('POST', `/rooms/${roomId}/messages`, { content })).toMatchObject({
    status: httpStatus,
    error,
  });
});

it('has met every code of the table', () => {
  expect([...met].toSorted()).toEqual(Object.keys(errorTable).toSorted());
});
