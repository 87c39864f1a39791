import { expect, it, onTestFinished, vi } from 'vitest';
import { newRoom } from '../fixtures/new-room.js';
import { sharePods } from '../fixtures/share-pods.js';
import { as, type Pods } from '../fixtures/start-pods.js';

let servers: Pods;
sharePods((pods) => (servers = pods));

const send = { messageType: '', clientMessageId: '', metadataJson: '' };

it('stores 64 messages that are offered to 64 rooms at once with at most 4 insert commands', async () => {
  const { operations } = servers.pods[0];
  // What is known of a room holds for two seconds; on a busy machine some would have to be read again in between.
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now());
  onTestFinished(() => clock.mockRestore());
  const rooms = await Promise.all(Array.from({ length: 64 }, () => newRoom(servers.pods[0])));
  await Promise.all(rooms.map((roomId) => operations.sendMessage(as('ann'), { ...send, roomId, content: 'first' })));
  servers.takeInserts();
  await Promise.all(rooms.map((roomId) => operations.sendMessage(as('ann'), { ...send, roomId, content: 'second' })));
  const inserts = servers.takeInserts();
  expect(inserts.reduce((sum, size) => sum + size, 0)).toBe(64);
  expect(inserts.length).toBeLessThanOrEqual(4);
});

it('sends one message alone at once, waiting for no company', async () => {
  const roomId = await newRoom(servers.pods[0]);
  servers.takeInserts();
  const { message } = await servers.pods[0].operations.sendMessage(as('ann'), { ...send, roomId, content: 'alone' });
  expect(message?.messageId).toBe(1);
  expect(servers.takeInserts()).toEqual([1]);
});

it('stores what waits for one room with ordered commands of up to 64', async () => {
  const { operations } = servers.pods[0];
  const roomId = await newRoom(servers.pods[0]);
  await operations.sendMessage(as('ann'), { ...send, roomId, content: 'warm' });
  servers.takeInserts();
  const answers = await Promise.all(
    Array.from({ length: 128 }, (_, index) =>
      operations.sendMessage(as('ann'), { ...send, roomId, content: `${index}` }),
    ),
  );
  expect(answers.map(({ message }) => message?.messageId)).toEqual(
    Array.from({ length: 128 }, (_, index) => index + 2),
  );
  expect(servers.takeInserts().length).toBeLessThanOrEqual(4);
});
