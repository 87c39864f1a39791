import { EventEmitter } from 'node:events';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Call, ExchangeRequest, ExchangeResponse } from '@parlance/proto';
import { createLogger, newTraceparent, type RedisClient } from '@parlance/runtime';
import type { Redis } from 'ioredis';
import { expect, it, onTestFinished, vi } from 'vitest';
import { CallRunner } from '../../src/features/calls/call-runner.js';
import { ExchangeSession } from '../../src/features/calls/exchange-session.js';
import { failCommands } from '../fixtures/fail-commands.js';
import { holdClock } from '../fixtures/hold-clock.js';
import { newRoom } from '../fixtures/new-room.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pod } from '../fixtures/start-pods.js';

let pod: Pod;
sharePods(({ pods }) => ([pod] = pods));

/** Calls of a frame: what a gateway has gathered under load. */
const frameCalls = 50;

it('takes for each of 2,000 sends at most 0.05 commands of MongoDB, 0.1 writes to Redis and 0.1 frames', async () => {
  const rooms = await Promise.all(Array.from({ length: 20 }, () => newRoom(pod)));
  const gateway = connectGateway(pod);
  await gateway.send(rooms.map((roomId) => [roomId]));
  const commands = countCommands(pod);
  const countedBefore = await commandsOf(pod);
  const writes = countWrites(pod.redis);
  const { frames } = gateway;
  frames.length = 0;

  // A frame a turn, as fast as it goes: at worst each starts a command of its own.
  const sends = Array.from({ length: 2_000 }, (_, index) => rooms[(index * 7) % rooms.length] ?? '');
  const batches = Array.from({ length: sends.length / frameCalls }, (_, index) =>
    sends.slice(index * frameCalls, (index + 1) * frameCalls),
  );
  const results = await gateway.send(batches);

  expect(results.filter(({ error }) => error)).toEqual([]);
  expect(commands.names.length / sends.length).toBeLessThanOrEqual(0.05);
  expect(writes.count / sends.length).toBeLessThanOrEqual(0.1);
  expect(frames.length / sends.length).toBeLessThanOrEqual(0.1);
  // What is counted without reading answers is what the driver says itself.
  const inserts = commands.names.filter((name) => name === 'insert').length;
  expect((await commandsOf(pod))['insert ok']).toBe((countedBefore['insert ok'] ?? 0) + inserts);
});

it('stores, tells and answers one message alone with a command, a write and a frame, and waits for no company', async () => {
  const roomId = await newRoom(pod);
  const gateway = connectGateway(pod);
  await gateway.send([[roomId]]);
  await holdClock();
  const commands = countCommands(pod);
  const writes = countWrites(pod.redis);
  const { frames } = gateway;
  frames.length = 0;
  await gateway.send([[roomId]]);
  expect(commands.names.filter((name) => name === 'insert')).toHaveLength(1);
  expect(writes.count).toBe(1);
  expect(frames).toHaveLength(1);
});

it('counts commands by what became of them, reads that the server has ended, and the connections that they take', async () => {
  const roomId = await newRoom(pod);
  const gateway = connectGateway(pod);
  await gateway.send([[roomId]]);
  await holdClock();
  const before = await commandsOf(pod);
  const killedBefore = await valueOf(pod.metrics.mongoKilledReads);
  {
    await using _ = await failCommands(pod.mongo.database, { failCommands: ['find'], errorCode: 175 }, 1);
    const history = pod.operations.getMessageHistory(as('ann'), { roomId, limit: 10 });
    await expect(history).rejects.toMatchObject({ reason: 'STORE_UNAVAILABLE' });
  }
  {
    await using _ = await failCommands(pod.mongo.database, { failCommands: ['insert'], closeConnection: true }, 1);
    await gateway.send([[roomId]]);
  }
  const after = await commandsOf(pod);
  expect(await valueOf(pod.metrics.mongoKilledReads)).toBe(killedBefore + 1);
  expect(after['find unavailable']).toBe((before['find unavailable'] ?? 0) + 1);
  expect(after['insert unavailable']).toBe((before['insert unavailable'] ?? 0) + 1);
  expect(after['insert ok']).toBe((before['insert ok'] ?? 0) + 1);
  const { values } = await pod.metrics.mongoConnections.get();
  const connections = values.reduce((sum, { value }) => sum + value, 0);
  expect(connections).toBeGreaterThan(0);
  expect(await valueOf(pod.metrics.mongoWaiting)).toBe(0);
});

it('knows in which rooms most was said, and how many sends were answered with what an earlier one had stored', async () => {
  const [loud, quiet] = [await newRoom(pod), await newRoom(pod)];
  const gateway = connectGateway(pod);
  await gateway.send([[loud, loud, loud, quiet]]);
  const before = await valueOf(pod.metrics.duplicateSends);
  // Its first send has the client id that the first one of the other had.
  await connectGateway(pod).send([[loud]]);
  expect(await valueOf(pod.metrics.duplicateSends)).toBe(before + 1);
  const { rooms, messages, error } = await pod.operations.listBusyRooms(as(''), { limit: 200 });
  const counts = Object.fromEntries(rooms.map((room) => [room.roomId, room.messages]));
  expect([counts[loud], counts[quiet]]).toEqual([3, 1]);
  expect([messages >= 4, error]).toEqual([true, 0]);
});

/** Commands so far, by name and result. */
async function commandsOf({ metrics }: Pod): Promise<Readonly<Record<string, number>>> {
  const { values } = await metrics.mongoCommands.get();
  return Object.fromEntries(values.map(({ labels, value }) => [`${labels.command} ${labels.result}`, value]));
}

async function valueOf(metric: { get(): Promise<{ readonly values: readonly { readonly value: number }[] }> }) {
  return (await metric.get()).values[0]?.value ?? Number.NaN;
}

/** A gateway on a stream of the pod. */
function connectGateway({ operations, metrics, publishing }: Pod) {
  const frames: ExchangeResponse[] = [];
  const waiting = new Map<number, (result: ExchangeResponse['results'][number]) => void>();
  const stream = Object.assign(new EventEmitter(), {
    sendMetadata: () => undefined,
    end: () => undefined,
    write: (frame: ExchangeResponse, taken: () => void) => {
      frames.push(frame);
      for (const result of frame.results) waiting.get(result.callId)?.(result);
      setImmediate(taken);
      return true;
    },
  });
  const clock = { now: () => Date.now(), elapsedMs: () => performance.now() };
  const runner = new CallRunner(operations, metrics, createLogger({ name: 'pod', level: 'silent' }), clock);
  new ExchangeSession(
    stream as unknown as ServerDuplexStream<ExchangeRequest, ExchangeResponse>,
    runner,
    publishing,
  ).serve(() => undefined);
  let callId = 0;
  const callFor = (roomId: string): Partial<Call> & { readonly callId: number } =>
    ({
      callId: (callId += 1),
      userId: 'ann',
      traceId: newTraceparent(),
      deadlineMs: 60_000,
      request: 'sendMessage',
      sendMessage: {
        roomId,
        content: 'text',
        messageType: 'text',
        clientMessageId: `message-${callId}`,
        metadataJson: '',
      },
    }) as never;
  return {
    frames,
    /** Sends frames of messages into these rooms, one a turn of the event loop, and resolves with all results. */
    async send(batches: readonly (readonly string[])[]) {
      const results: Promise<ExchangeResponse['results'][number]>[] = [];
      for (const batch of batches) {
        const calls = batch.map(callFor);
        for (const each of calls) results.push(new Promise((resolve) => waiting.set(each.callId, resolve)));
        stream.emit('data', { calls });
        await new Promise(setImmediate);
      }
      return Promise.all(results);
    },
  };
}

/** Commands to MongoDB from now on, heartbeats left out. */
function countCommands({ mongo }: Pod) {
  const names: string[] = [];
  const note = ({ commandName }: { readonly commandName: string }): void => void names.push(commandName);
  mongo.client.on('commandStarted', note);
  onTestFinished(() => void mongo.client.off('commandStarted', note));
  return { names };
}

/** Writes to the connection to Redis from now on: each is a round trip. */
function countWrites(redis: RedisClient): { readonly count: number } {
  const write = vi.spyOn((redis as Redis).stream, 'write');
  onTestFinished(() => write.mockRestore());
  return {
    get count() {
      return write.mock.calls.length;
    },
  };
}
