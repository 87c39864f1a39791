import { status } from '@grpc/grpc-js';
import { freePorts } from '@parlance/devstack';
import type { CallResult, ExchangeResponse } from '@parlance/proto';
import { createLogger, HealthRegistry } from '@parlance/runtime';
import type { CommandStartedEvent } from 'mongodb';
import { expect, it } from 'vitest';
import { startGrpc } from '../../src/start-grpc.js';
import { failCommands } from '../fixtures/fail-commands.js';
import { grpcClient, metadataFor } from '../fixtures/grpc-client.js';
import { newRoom } from '../fixtures/new-room.js';
import { newText } from '../fixtures/new-text.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pod, type Pods, testConfig } from '../fixtures/start-pods.js';

const credential = 'the-credential-of-this-test-0123456789';
let servers: Pods;
let pod: Pod;
sharePods(async (pods) => {
  servers = pods;
  [pod] = servers.pods;
});

/** A room whose tail the pod knows, with the message 1. */
async function warmRoom(): Promise<string> {
  const roomId = await newRoom(pod);
  await send(roomId, 'first');
  return roomId;
}

function send(roomId: string, content: string, timeMs = 20_000) {
  const context = { ...as('ann'), deadlineAt: Date.now() + timeMs };
  return pod.operations.sendMessage(context, newText(roomId, content));
}

/** Contents of a room's messages, read past the caches. */
async function stored(roomId: string): Promise<string[]> {
  const [collection] = await pod.mongo.database.months.find({}, { sort: { monthYear: 1 } }).toArray();
  if (!collection) throw new Error('no month');
  const slots = await pod.mongo.database
    .messages(collection.monthYear)
    .find({ roomId }, { sort: { messageId: 1 } })
    .toArray();
  return slots.map((slot) => ('content' in slot ? slot.content : slot.kind));
}

/** Resolves when the pod sends its next insert command for messages. */
function nextInsert(): Promise<void> {
  const { client } = pod.mongo;
  return new Promise((resolve) => {
    const note = ({ command }: CommandStartedEvent): void => {
      if (!String(command['insert']).startsWith('messages_')) return;
      client.off('commandStarted', note);
      resolve();
    };
    client.on('commandStarted', note);
  });
}

/** Slower than the callers wait here, faster than the three seconds that a command may take. */
const slowInserts = { failCommands: ['insert'], blockConnection: true, blockTimeMS: 2_000 };

it('never inserts a send whose deadline passed behind another of its room, and says so before that one returns', async () => {
  const roomId = await warmRoom();
  await using _ = await failCommands(pod.mongo.database, slowInserts, 1);
  const inserting = nextInsert();
  const order: string[] = [];
  const slow = send(roomId, 'slow').then(() => order.push('slow'));
  await inserting;
  await expect(send(roomId, 'queued', 100)).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED', outcome: 'rejected' });
  order.push('queued');
  await slow;
  await send(roomId, 'after');
  expect(order).toEqual(['queued', 'slow']);
  expect(await stored(roomId)).toEqual(['first', 'slow', 'after']);
});

it('never inserts a send whose deadline passed while all insert commands were in flight', async () => {
  const rooms = [await warmRoom(), await warmRoom(), await warmRoom(), await warmRoom()];
  await using _ = await failCommands(pod.mongo.database, slowInserts, 3);
  const slow: Promise<unknown>[] = [];
  for (const roomId of rooms.slice(0, 3)) {
    const inserting = nextInsert();
    slow.push(send(roomId, 'slow'));
    await inserting;
  }
  const last = rooms[3] ?? '';
  await expect(send(last, 'queued', 100)).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED', outcome: 'rejected' });
  await Promise.all(slow);
  await send(last, 'after');
  expect(await stored(last)).toEqual(['first', 'after']);
});

it('answers unknown at the deadline of a send in flight, which is stored all the same, and its retry finds it', async () => {
  const roomId = await warmRoom();
  await using _ = await failCommands(pod.mongo.database, slowInserts, 1);
  await expect(send(roomId, 'slow', 1_000)).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED', outcome: 'unknown' });
  expect(await send(roomId, 'slow')).toMatchObject({ deduplicated: true, message: { messageId: 2 } });
  expect(await stored(roomId)).toEqual(['first', 'slow']);
});

it('gives reads no more time on the server than the caller has, and sends none after the deadline', async () => {
  const roomId = await warmRoom();
  await pod.redis.flushall();
  const times: number[] = [];
  const note = ({ command }: CommandStartedEvent): void => {
    if (String(command['find']).startsWith('messages_')) times.push(Number(command['maxTimeMS']));
  };
  pod.mongo.client.on('commandStarted', note);
  try {
    const read = (timeMs: number) =>
      pod.operations.getMessageHistory({ ...as('ann'), deadlineAt: Date.now() + timeMs }, { roomId, limit: 10 });
    expect((await read(1_500)).messages).toHaveLength(1);
    expect(times.length).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThanOrEqual(1_500);
    times.splice(0);
    await expect(read(-1)).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED', outcome: 'rejected' });
    expect(times).toEqual([]);
    expect((await read(60_000)).messages).toHaveLength(1);
    expect(Math.max(...times)).toBe(3_000);
  } finally {
    pod.mongo.client.off('commandStarted', note);
  }
});

it('holds to the deadlines of gRPC: in the frames of a stream and of unary calls', async () => {
  const [port = 0] = await freePorts(1);
  const config = {
    grpcHost: '127.0.0.1',
    grpcPort: port,
    grpcReflection: false,
    serviceCredentials: [credential] as const,
    ...testConfig,
  };
  const logger = createLogger({ name: 'grpc', level: 'silent' });
  const { mongo, months, redis, publishing, metrics } = pod;
  const server = await startGrpc({
    config,
    database: mongo.database,
    months,
    redis,
    publishing,
    metrics,
    logger,
    health: new HealthRegistry(),
    now: Date.now,
  });
  const client = grpcClient(`127.0.0.1:${port}`);
  try {
    const roomId = await warmRoom();
    const body = (content: string) => ({
      roomId,
      content,
      clientMessageId: content,
      messageType: '',
      metadataJson: '',
    });
    await client.unary('sendMessage', body('warm'), metadataFor('ann', credential));
    await using _ = await failCommands(mongo.database, slowInserts, 1);
    const stream = client.exchange(metadataFor('', credential));
    const results: CallResult[] = [];
    const both = new Promise<void>((resolve) => {
      stream.on('data', (frame: ExchangeResponse) => {
        results.push(...frame.results);
        if (results.length === 2) resolve();
      });
    });
    const call = { userId: 'ann', traceId: '', deadlineMs: 1_000 };
    const inserting = nextInsert();
    stream.write({ calls: [{ ...call, callId: 1, sendMessage: body('flying') }] });
    await inserting;
    stream.write({ calls: [{ ...call, callId: 2, sendMessage: body('queued') }] });
    const unary = client.unary('sendMessage', body('unary'), metadataFor('ann', credential), { deadline: 1_000 });
    await expect(unary).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await both;
    stream.end();
    const outcomes = Object.fromEntries(results.map(({ callId, error }) => [callId, [error?.reason, error?.outcome]]));
    expect(outcomes).toEqual({
      1: ['ERROR_REASON_DEADLINE_EXCEEDED', 'ERROR_OUTCOME_UNKNOWN'],
      2: ['ERROR_REASON_DEADLINE_EXCEEDED', 'ERROR_OUTCOME_REJECTED'],
    });
    await client.unary('sendMessage', body('after'), metadataFor('ann', credential));
    expect(await stored(roomId)).toEqual(['first', 'warm', 'flying', 'after']);
  } finally {
    client.close();
    await server.close();
  }
});
