import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pick } from '../seeded-random.js';
import { roomScenarios } from './room-scenarios.js';
import type { Scenario } from './scenario.js';
import { type Actor, ownMark, type Stage } from './stage.js';

/** Two users at two gateways whose chat services write the same rooms. */
const twoWriters = { gateways: 2, chatServices: 2, pinned: true } as const;

async function pair(stage: Stage): Promise<readonly [Actor, Actor]> {
  return Promise.all([stage.connect('ann', 0), stage.connect('bob', 1)]);
}

/** Every scenario by its name. */
export const scenarios = {
  ...roomScenarios,
  'killed-under-load': {
    what: 'the chat service is killed three times while messages are sent',
    stage: {},
    async run(stage, random) {
      const ann = await stage.connect('ann');
      const bob = await stage.connect('bob');
      const rooms = [await stage.room([ann, bob]), await stage.room([ann, bob])];
      const [service] = stage.deployment.chatServices;
      for (let round = 0; round < 3 && !stage.signal.aborted; round++) {
        const sends = Array.from({ length: 40 }, async (_, index) => {
          await delay(index * 10);
          await stage.send(pick([ann, bob], random), pick(rooms, random));
        });
        await delay(100 + random() * 200);
        await service?.process.kill('SIGKILL');
        await service?.process.restart();
        await Promise.all(sends);
      }
      await stage.quiet(15_000);
    },
  },
  'race-and-flush': {
    what: 'two chat services write one room in bursts, and Redis is flushed',
    stage: twoWriters,
    async run(stage, random) {
      const actors = await pair(stage);
      const roomId = await stage.room(actors);
      for (let round = 0; round < 12 && !stage.signal.aborted; round++) {
        const burst = actors.flatMap((actor) =>
          Array.from({ length: 8 }, () => stage.send(actor, roomId, { inOrder: true })),
        );
        if (round % 4 === 3) await flushAll(stage);
        await Promise.race([Promise.all(burst), delay(5_000)]);
        await delay(random() * 30);
      }
      await stage.quiet(10_000);
    },
  },
  'events-dropped': {
    what: 'one event in ten is lost',
    stage: { env: { DROP_RATE: '0.1' } },
    async run(stage, random) {
      const ann = await stage.connect('ann');
      // Bob comes after the rooms: that he was added is told by an event that may be lost.
      const rooms = [await stage.room([ann], ['bob']), await stage.room([ann], ['bob'])];
      const bob = await stage.connect('bob');
      for (let index = 0; index < 120 && !stage.signal.aborted; index++) {
        await stage.send(pick([ann, bob], random), pick(rooms, random));
      }
      await stage.quiet(15_000);
    },
  },
  'last-event-dropped': {
    what: 'the last event is lost, and all that repeat its head',
    stage: { env: { HEAD_SWEEP_MS: '5000' } },
    async run(stage) {
      const ann = await stage.connect('ann');
      const bob = await stage.connect('bob');
      const roomId = await stage.room([ann, bob]);
      await stage.send(ann, roomId);
      await stage.quiet(5_000);
      const gateway = stage.deployment.gateways[0]?.process;
      await gateway?.kill('SIGUSR2');
      await stage.send(ann, roomId);
      // Heads are repeated 1, 2, 3 and 9 s after the last message.
      await delay(11_000);
      await gateway?.kill('SIGUSR2');
      await stage.quiet(12_000);
    },
  },
  'month-end-race': {
    what: 'a month ends while two chat services, 1.5 s apart, write the same rooms',
    stage: { ...twoWriters, monthEndsInMs: 32_000, clockOffMs: { 'chat-service-2': 1_500 } },
    async run(stage, random) {
      const actors = await pair(stage);
      const rooms = [await stage.room(actors), await stage.room(actors), await stage.room(actors)];
      await acrossTheMonth(stage, async () => {
        await stage.send(pick(actors, random), pick(rooms, random));
        await delay(5);
      });
      await stage.quiet(10_000);
    },
  },
  'month-end-retries': {
    what: 'each message is sent at two gateways while a month ends, and the two chat services are 1.5 s apart',
    stage: { ...twoWriters, monthEndsInMs: 32_000, clockOffMs: { 'chat-service-2': 1_500 } },
    async run(stage) {
      const [here, there] = await Promise.all([stage.connect('ann', 0), stage.connect('ann', 1)]);
      const rooms = await Promise.all(Array.from({ length: 6 }, () => stage.room([here, there])));
      await acrossTheMonth(stage, async () => {
        await Promise.all(
          rooms.map(async (roomId) => {
            const clientMessageId = randomUUID();
            const first = stage.send(there, roomId, { clientMessageId });
            await delay(40);
            await Promise.all([first, stage.send(here, roomId, { clientMessageId, isRetry: true })]);
          }),
        );
      });
      await stage.quiet(10_000);
    },
  },
  'retry-elsewhere': {
    what: 'each message is sent again at another gateway, whose chat service does not know the room yet',
    stage: twoWriters,
    async run(stage) {
      const [here, there] = await Promise.all([stage.connect('ann', 0), stage.connect('ann', 1)]);
      for (let index = 0; index < 20 && !stage.signal.aborted; index++) {
        const roomId = await stage.room([here, there]);
        const clientMessageId = randomUUID();
        await stage.send(here, roomId, { clientMessageId });
        await stage.send(there, roomId, { clientMessageId, isRetry: true });
      }
      await stage.quiet(5_000);
    },
  },
  'primary-alone': {
    what: 'the primary cannot reach a majority for a moment, and is then killed',
    stage: { replicas: 3 },
    async run(stage) {
      const { ann, roomId, primary, others } = await replicaSet(stage);
      // Killed, not paused: what waits in a paused member's socket would reach it after all.
      await Promise.all(others.map((node) => node.kill()));
      const sends = [stage.send(ann, roomId), stage.send(ann, roomId)];
      await delay(900);
      await primary.kill();
      await Promise.all(others.map((node) => node.restart()));
      await stage.deployment.mongo.primary(30_000);
      await primary.restart();
      await Promise.all(sends);
      await stage.quiet(15_000);
    },
  },
  'majority-late': {
    what: 'a majority is out of reach for 700 ms, and each message is sent only once',
    stage: { replicas: 3 },
    async run(stage) {
      const { ann, roomId, others } = await replicaSet(stage);
      for (let round = 0; round < 3 && !stage.signal.aborted; round++) {
        await Promise.all(others.map((node) => node.pause()));
        const sends = [stage.send(ann, roomId, { attempts: 1 }), stage.send(ann, roomId, { attempts: 1 })];
        await delay(700);
        await Promise.all(others.map((node) => node.cont()));
        await Promise.all(sends);
        await stage.send(ann, roomId);
      }
      await stage.quiet(10_000);
    },
  },
  'connect-under-load': {
    what: 'a user connects again and again, each time with one more room to subscribe to, while others talk in another',
    stage: { gateways: 2 },
    async run(stage) {
      const ann = await stage.connect('ann');
      const carol = await stage.connect('carol', 1);
      const roomId = await stage.room([ann, carol], ['bob']);
      const done = new AbortController();
      const sending = Array.from({ length: 6 }, async () => {
        while (!done.signal.aborted && !stage.signal.aborted) await stage.send(ann, roomId);
      });
      for (let index = 0; index < 60 && !stage.signal.aborted; index++) {
        await stage.room([ann], ['bob']);
        const bob = await stage.connect('bob', 1);
        await bob.client.until('two messages', () => bob.client.messages.length >= 2 || stage.signal.aborted);
        stage.disconnect(bob);
      }
      done.abort();
      await Promise.all(sending);
      await stage.quiet(5_000);
    },
  },
  'marks-on-two-devices': {
    what: 'two devices of one user report how far they have read, the slower one last',
    stage: twoWriters,
    async run(stage) {
      const [here, there] = await Promise.all([stage.connect('ann', 0), stage.connect('ann', 1)]);
      const bob = await stage.connect('bob', 0);
      const roomId = await stage.room([here, there, bob]);
      for (let index = 0; index < 20; index++) await stage.send(bob, roomId);
      for (const [device, messageId] of [
        [here, 10],
        [there, 5],
        [here, 15],
        [there, 12],
      ] as const) {
        await device.client.ask('messageRead', { roomId, messageId });
        const again = await stage.connect('ann', messageId % 2);
        const upTo = again.client.ready.rooms.find((room) => room.roomId === roomId)?.readUpTo ?? 0;
        stage.record(ownMark('ann', roomId, upTo));
      }
    },
  },
} as const satisfies Record<string, Scenario>;

/** A name of {@link scenarios}. */
export type ScenarioName = keyof typeof scenarios;

/** A user in a room with one message, and the members of the replica set by their part in it. */
async function replicaSet(stage: Stage) {
  const ann = await stage.connect('ann');
  const roomId = await stage.room([ann]);
  await stage.send(ann, roomId);
  const primary = await stage.deployment.mongo.primary();
  const others = stage.deployment.mongo.nodes.filter((node) => node !== primary);
  return { ann, roomId, primary, others };
}

async function flushAll(stage: Stage): Promise<void> {
  for (const { port } of stage.deployment.redis.nodes) {
    const client = new Redis({ port, host: '127.0.0.1' });
    await client.flushall();
    client.disconnect();
  }
}

/** Repeats something from three seconds before the month's end until it has been over for four seconds. */
async function acrossTheMonth(stage: Stage, step: () => Promise<void>): Promise<void> {
  const left = stage.monthEndsAt - performance.now();
  if (left < 3_000) throw new Error('the month was over before the servers and clients were ready');
  await delay(left - 3_000);
  while (performance.now() < stage.monthEndsAt + 4_000 && !stage.signal.aborted) await step();
}
