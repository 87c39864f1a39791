import { once } from 'node:events';
import { type ServiceError, status } from '@grpc/grpc-js';
import { freePorts } from '@parlance/devstack';
import type { CallResult, ExchangeResponse, WireMessage, WireRoom } from '@parlance/proto';
import { createLogger, HealthRegistry } from '@parlance/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GrpcServer, startGrpc } from '../../src/start-grpc.js';
import { type GrpcClient, grpcClient, metadataFor } from '../fixtures/grpc-client.js';
import { healthClient, reflectedFiles } from '../fixtures/standard-clients.js';
import { as, type Pods, startPods, testConfig } from '../fixtures/start-pods.js';

const credential = 'the-credential-of-this-test-0123456789';
const nextCredential = 'the-next-credential-of-this-test-98765';
let servers: Pods;
let server: GrpcServer;
let client: GrpcClient;

async function serve(grpcReflection = false) {
  const [port = 0] = await freePorts(1);
  const [pod] = servers.pods;
  const health = new HealthRegistry();
  const started = await startGrpc({
    config: {
      grpcHost: '127.0.0.1',
      grpcPort: port,
      grpcReflection,
      serviceCredentials: [credential, nextCredential] as const,
      ...testConfig,
    },
    database: pod.mongo.database,
    months: pod.months,
    redis: pod.redis,
    publishing: pod.publishing,
    metrics: pod.metrics,
    logger: createLogger({ name: 'grpc', level: 'silent' }),
    health,
    now: Date.now,
  });
  return { server: started, health, address: `127.0.0.1:${port}` };
}

beforeAll(async () => {
  servers = await startPods();
  const started = await serve();
  server = started.server;
  client = grpcClient(started.address);
});
afterAll(async () => {
  client.close();
  await server.close();
  await servers[Symbol.asyncDispose]();
});

const ask = (method: string, request: object, user = 'ann', secret = credential): Promise<unknown> =>
  client.unary(method, request, metadataFor(user, secret));

async function createRoom(): Promise<string> {
  const { room } = (await ask('createRoom', { roomType: 'group', participants: ['bob'] })) as { room: WireRoom };
  return room.roomId;
}

it('believes nothing of a caller without the service credential', async () => {
  const send = 'send it in the metadata "authorization: Bearer CREDENTIAL".';
  const none = `There is no service credential: ${send}`;
  for (const [given, details] of [
    [undefined, none],
    ['', none],
    ['Bearer wrong', 'The service credential is none of SERVICE_CREDENTIAL of the chat service.'],
    // HTTP/2 leaves a field with a blank at its end out.
    [`Bearer ${credential} `, none],
    [credential, `The service credential has another form: ${send}`],
  ]) {
    const metadata = metadataFor('ann', credential);
    metadata.remove('authorization');
    if (given !== undefined) metadata.set('authorization', given);
    await expect(client.unary('listRooms', {}, metadata), given).rejects.toMatchObject({
      code: status.UNAUTHENTICATED,
      details,
    });
  }
  const stream = client.exchange(metadataFor('ann', 'wrong'));
  const [error] = (await once(stream, 'error')) as [ServiceError];
  expect(error.code).toBe(status.UNAUTHENTICATED);
});

it('says in the trailers why a call without the credential was refused, and that nothing happened', async () => {
  const refused = (await ask('listRooms', {}, 'ann', 'wrong').catch((error: unknown) => error)) as ServiceError;
  expect(refused.metadata.get('error-reason')).toEqual(['ERROR_REASON_UNAUTHENTICATED']);
  expect(refused.metadata.get('error-outcome')).toEqual(['ERROR_OUTCOME_REJECTED']);
});

it.each(['', 'chat.v1.ChatService'])('tells anybody its health as of /readyz, under the name "%s"', async (name) => {
  const other = await serve();
  const probe = healthClient(other.address);
  await expect(probe.check(name)).resolves.toBe('NOT_SERVING');
  const watched = probe.watch(name);
  await expect.poll(() => watched).toEqual(['NOT_SERVING']);
  other.health.markStarted();
  await expect(probe.check(name)).resolves.toBe('SERVING');
  await expect(probe.check('chat.v2.ChatService')).rejects.toMatchObject({ code: status.NOT_FOUND });
  other.health.markDraining();
  await expect(probe.check(name)).resolves.toBe('NOT_SERVING');
  await expect.poll(() => watched).toEqual(['NOT_SERVING', 'SERVING', 'NOT_SERVING']);
  probe.close();
  await other.server.close();
});

it('tells what there is to call, to whoever has the credential, where that is asked for', async () => {
  const other = await serve(true);
  const files = await reflectedFiles(other.address, 'chat.v1.ChatService', metadataFor('', credential));
  expect(files.map(({ name }) => name)).toContain('chat/v1/chat_service.proto');
  const fields = files.flatMap(({ messageType }) => messageType ?? []).flatMap(({ field }) => field ?? []);
  expect(fields.map(({ name }) => name)).toContain('client_message_id');
  const refused = { code: status.UNAUTHENTICATED };
  await expect(reflectedFiles(other.address, 'chat.v1.ChatService', metadataFor('', 'wrong'))).rejects.toMatchObject(
    refused,
  );
  await other.server.close();
});

it('does not tell what there is to call where nobody asked for that', async () => {
  const other = await serve();
  const asked = reflectedFiles(other.address, 'chat.v1.ChatService', metadataFor('', credential));
  await expect(asked).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  await other.server.close();
});

it('takes each of the credentials it was given, on streams and unary calls', async () => {
  await expect(ask('listRooms', {}, 'ann', nextCredential)).resolves.toBeDefined();
  const stream = client.exchange(metadataFor('ann', nextCredential));
  await once(stream, 'metadata');
  stream.end();
});

it('answers unary calls, with the table of errors in status and trailers', async () => {
  const roomId = await createRoom();
  const { message } = (await ask('sendMessage', { roomId, content: 'by gRPC' })) as { message: WireMessage };
  expect(message).toMatchObject({ messageId: 1, content: 'by gRPC', senderId: 'ann' });
  const refused = (await ask('sendMessage', { roomId, content: 'x' }, 'mallory').catch(
    (error: unknown) => error,
  )) as ServiceError;
  expect(refused).toMatchObject({
    code: status.NOT_FOUND,
    details: 'There is no such room, or it is not yours to see.',
  });
  expect(refused.metadata.get('error-reason')).toEqual(['ERROR_REASON_ROOM_NOT_FOUND']);
  expect(refused.metadata.get('error-outcome')).toEqual(['ERROR_OUTCOME_REJECTED']);
});

it('says system messages for whoever has the credential, and in no name that a user could have', async () => {
  const roomId = await createRoom();
  const metadata = metadataFor('', credential);
  const request = { roomId, content: 'Bob joined', senderId: 'system:crm', clientMessageId: 'joined-bob' };
  for (const deduplicated of [false, true]) {
    expect(await client.unary('sendSystemMessage', request, metadata)).toMatchObject({
      message: { messageId: 1, senderId: 'system:crm', messageType: 'system', content: 'Bob joined' },
      deduplicated,
    });
  }
  await expect(client.unary('sendSystemMessage', request, metadataFor('', 'wrong'))).rejects.toMatchObject({
    code: status.UNAUTHENTICATED,
  });
  await expect(ask('sendMessage', { roomId, content: 'x', messageType: 'system' })).rejects.toMatchObject({
    code: status.INVALID_ARGUMENT,
  });
  for (const user of ['system', 'system:crm', 'parlance:audit'])
    await expect(ask('listRooms', {}, user), user).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
});

it('refuses a call that names no user', async () => {
  await expect(ask('listRooms', {}, '')).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  await expect(ask('listRooms', {}, '{ann}')).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
});

it.each<[what: string, method: string, request: object]>([
  ['half a character', 'sendMessage', { content: '\ud83d' }],
  ['half a character in a name', 'updateRoom', { metadata: { name: 'x\ud83d' } }],
  ['half a character in metadata', 'sendMessage', { content: 'x', metadataJson: '{"a":"\\ud83d"}' }],
  ['a number beyond 2^53 in metadata', 'sendMessage', { content: 'x', metadataJson: '{"a":9007199254740993}' }],
  ['an unknown type', 'sendMessage', { content: 'x', messageType: 'video' }],
  ['an id beyond 2^53', 'markMessageRead', { messageId: '9007199254740993' }],
  ['a position beyond 2^53', 'getMessageHistory', { beforeId: '9223372036854775807' }],
  ['a negative limit', 'getMessageHistory', { limit: -1 }],
  ['seconds in place of milliseconds', 'getMessageHistory', { fromDate: '1795348800' }],
  ['an unknown rule', 'updateRoom', { joinRule: 'Open' }],
  ['an unknown role', 'setRole', { userId: 'bob', role: 'owner' }],
  ['a cursor that no page gave', 'listRooms', { cursor: 'next' }],
])('refuses %s in place of taking it for something else', async (_what, method, request) => {
  const roomId = await createRoom();
  const refused = (await ask(method, { roomId, ...request }).catch((error: unknown) => error)) as ServiceError;
  expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT });
  expect(refused.metadata.get('error-reason')).toEqual(['ERROR_REASON_INVALID_MESSAGE']);
});

it('answers every call of a stream, the bad ones with errors', async () => {
  const roomId = await createRoom();
  const stream = client.exchange(metadataFor('', credential));
  const results: CallResult[] = [];
  const all = new Promise<void>((resolve) => {
    stream.on('data', (frame: ExchangeResponse) => {
      results.push(...frame.results);
      if (results.length === 202) resolve();
    });
  });
  const call = { userId: 'ann', traceId: '', deadlineMs: 5_000 };
  const sends = Array.from({ length: 200 }, (_, index) => ({
    ...call,
    callId: index + 1,
    sendMessage: { roomId, content: `${index}`, messageType: '', clientMessageId: '', metadataJson: '' },
  }));
  stream.write({
    calls: [
      { ...call, callId: 900 },
      ...sends,
      { ...call, userId: '', callId: 901, listRooms: { cursor: '', limit: 0 } },
    ],
  });
  await all;
  stream.end();
  const byId = new Map(results.map((result) => [result.callId, result]));
  expect(byId.get(900)?.error?.reason).toBe('ERROR_REASON_INVALID_MESSAGE');
  expect(byId.get(901)?.error?.reason).toBe('ERROR_REASON_INVALID_MESSAGE');
  expect(sends.map(({ callId }) => byId.get(callId)?.sendMessage?.message?.messageId)).toEqual(
    Array.from({ length: 200 }, (_, index) => index + 1),
  );
});

it('changes a room once for a request, whichever of its attempts come, and refuses an id of a request that is too long', async () => {
  const roomId = await createRoom();
  const results: CallResult[] = [];
  const stream = client.exchange(metadataFor('', credential));
  stream.on('data', (frame: ExchangeResponse) => results.push(...frame.results));
  let asked = 0;
  const rise = async (role: string, requestId: string): Promise<CallResult | undefined> => {
    const call = { userId: 'ann', traceId: '', deadlineMs: 5_000, requestId, callId: ++asked };
    stream.write({ calls: [{ ...call, setRole: { roomId, userId: 'bob', role } }] });
    await expect.poll(() => results).toHaveLength(asked);
    return results.at(-1);
  };
  await rise('admin', 'first');
  await rise('participant', 'second');
  expect((await rise('admin', 'first'))?.setRole).toBeDefined();
  expect((await rise('admin', 'x'.repeat(65)))?.error?.reason).toBe('ERROR_REASON_INVALID_MESSAGE');
  stream.end();
  const { rooms } = await servers.pods[0].operations.resume(as('bob'), {
    rooms: [{ roomId, messageId: 0, rev: 0, epoch: 0 }],
  });
  expect(rooms[0]?.events.map(({ role }) => role)).toEqual(['admin', 'participant']);
});

it('tells every gateway when its events begin to fail, also one that comes later', async () => {
  const frames: ExchangeResponse[] = [];
  const open = () => client.exchange(metadataFor('', credential)).on('data', (frame) => frames.push(frame));
  const first = open();
  first.write({ calls: [{ userId: 'ann', traceId: '', deadlineMs: 5_000, callId: 1 }] });
  await expect.poll(() => frames).toMatchObject([{ results: [{ callId: 1 }], eventsFailing: false }]);
  servers.pods[0].publishing.note({ failed: 1, firstError: new Error('READONLY') });
  await expect.poll(() => frames.at(-1)).toEqual({ results: [], eventsFailing: true, leaving: false });
  const second = open();
  await expect.poll(() => frames).toHaveLength(3);
  expect(frames[2]).toEqual({ results: [], eventsFailing: true, leaving: false });
  first.end();
  second.end();
});

it('tells every gateway that it will stop, and serves until it does', async () => {
  const other = await serve();
  const second = grpcClient(other.address);
  const frames: ExchangeResponse[] = [];
  const stream = second.exchange(metadataFor('', credential)).on('data', (frame) => frames.push(frame));
  await once(stream, 'metadata');
  other.server.leave();
  await expect.poll(() => frames.at(-1)).toMatchObject({ results: [], leaving: true });
  stream.write({
    calls: [{ userId: 'ann', traceId: '', deadlineMs: 5_000, callId: 1, listRooms: { cursor: '', limit: 0 } }],
  });
  await expect.poll(() => frames.at(-1)).toMatchObject({ results: [{ callId: 1, listRooms: {} }], leaving: true });
  const ended = once(stream, 'end');
  stream.end();
  await ended;
  second.close();
  await other.server.close();
});

it('answers what it has begun and refuses the rest while it stops', async () => {
  const roomId = await createRoom();
  const other = await serve();
  const second = grpcClient(other.address);
  const begun = Array.from({ length: 20 }, (_, index) =>
    second.unary('sendMessage', { roomId, content: `${index}` }, metadataFor('ann', credential)),
  );
  await begun[0];
  await other.server.drain();
  expect(await Promise.all(begun)).toHaveLength(20);
  await expect(second.unary('listRooms', {}, metadataFor('ann', credential))).rejects.toMatchObject({
    code: status.UNAVAILABLE,
  });
  second.close();
  await other.server.close();
});
