import { expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { startDeployment } from '../../src/deployment/start-deployment.js';
import { percentilesOf } from '../../src/faults/percentiles.js';
import { sabotageArguments } from '../../src/sabotage/sabotage-arguments.js';

const roomCount = 60;
const messagesEach = 20;

it('brings every client everything while one event in ten from Redis is lost', async () => {
  await using parlance = await startDeployment({
    gateways: 2,
    chatServices: 2,
    nodeArgsOf: (name) => (name.startsWith('gateway') ? sabotageArguments : []),
    envOf: (name) => (name.startsWith('gateway') ? { SABOTAGE: 'drop-events', DROP_RATE: '0.1', DROP_SEED: '3' } : {}),
  });
  const [one, two] = parlance.gateways.map(({ url }) => url);
  const ann = await ChatClient.connect(one ?? '', 'ann');
  const rooms = await Promise.all(
    Array.from({ length: roomCount }, () => ann.ask('createRoom', { roomType: 'group', participants: ['bob'] })),
  );
  // Whoever connects is told of rooms by the list, not by an event that may be lost.
  const listeners = await Promise.all([
    ChatClient.connect(one ?? '', 'bob'),
    ChatClient.connect(two ?? '', 'bob'),
    ChatClient.connect(two ?? '', 'ann'),
  ]);
  const waits = await Promise.all(
    rooms.map(async ({ roomId }) => {
      for (let index = 0; index < messagesEach; index++) await ann.ask('sendMessage', { roomId, content: `${index}` });
      const sentAt = performance.now();
      return Promise.all(
        listeners.map(async (listener) => {
          await listener.until('all messages', () => listener.idsOf(roomId).length >= messagesEach, 45_000);
          return performance.now() - sentAt;
        }),
      );
    }),
  );
  const everyId = Array.from({ length: messagesEach }, (_, index) => index + 1);
  for (const { roomId } of rooms) for (const listener of listeners) expect(listener.idsOf(roomId)).toEqual(everyId);
  const { count, p50, p99, max } = percentilesOf(waits.flat());
  process.stdout.write(
    `10 % of events dropped, ${count} clients and rooms: converged p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}, max ${max.toFixed(0)} ms after the last send\n`,
  );
  for (const client of [ann, ...listeners]) client.close();
});
