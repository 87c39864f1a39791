import { once } from 'node:events';
import { createLogger, createRedis } from '@parlance/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { type Deployment, startDeployment } from '../../src/deployment/start-deployment.js';

let parlance: Deployment;
beforeAll(async () => {
  parlance = await startDeployment({ gateways: 2, chatServices: 2 });
});
afterAll(() => parlance[Symbol.asyncDispose]());

it('stores a message once and answers it the same after its gateway was killed and Redis was emptied', async () => {
  const [first, second] = parlance.gateways;
  const ann = await ChatClient.connect(first?.url ?? '', 'ann');
  const { roomId } = await ann.ask('createRoom', { roomType: 'group', participants: ['bob'] });
  const request = (clientMessageId: string) => ({ roomId, content: clientMessageId, clientMessageId });
  const { deduplicated, ...stored } = await ann.ask('sendMessage', request('heard'));
  expect(deduplicated).toBe(false);
  const unheard = Array.from({ length: 20 }, (_, index) => `unheard-${index}`);
  for (const name of unheard) ann.socket.emit('sendMessage', request(name), () => {});
  await first?.process.kill('SIGKILL');
  ann.close();

  const again = await ChatClient.connect(second?.url ?? '', 'ann');
  expect(await again.ask('sendMessage', request('heard'))).toEqual({ ...stored, deduplicated: true });
  const acks = await Promise.all(unheard.map((name) => again.ask('sendMessage', request(name))));

  const redis = createRedis(
    { mode: 'single', nodes: [{ host: '127.0.0.1', port: parlance.redis.nodes[0]?.port ?? 0 }] },
    createLogger({ name: 'test', level: 'silent' }),
    () => performance.now(),
  );
  await once(redis, 'ready');
  await redis.flushall();
  redis.disconnect();
  expect(await again.ask('sendMessage', request('heard'))).toEqual({ ...stored, deduplicated: true });
  expect(await Promise.all(unheard.map((name) => again.ask('sendMessage', request(name))))).toEqual(
    acks.map((ack) => ({ ...ack, deduplicated: true })),
  );

  const history = await again.ask('getHistory', { roomId, limit: 100 });
  expect(history.map(({ content }) => content).toSorted()).toEqual(['heard', ...unheard].toSorted());
  again.close();
});
