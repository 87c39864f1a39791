import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CallResult } from '@parlance/proto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './fixtures/redis-process.js';
import { ChatClient, TestStack, testEnvironment, testToken } from './fixtures/test-stack.js';

describe('a gateway process that is told to stop', () => {
  let stack: TestStack;
  let port: number;
  let child: ChildProcess;

  beforeEach(async () => {
    stack = await TestStack.start();
    port = await freePort();
    const env = testEnvironment({
      PORT: String(port),
      REDIS_NODES: `127.0.0.1:${stack.redis.port}`,
      CHAT_SERVICE_TARGETS: `127.0.0.1:${stack.server.port}`,
      RECONNECT_SPREAD_MS: '500',
    });
    child = spawn(process.execPath, [new URL('../dist/main.js', import.meta.url).pathname], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of child.stdout ?? []) if (String(line).includes('gateway listens')) break;
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    await stack.stop();
  });

  it('answers what is in flight, refuses newcomers, says goodbye and exits with 0', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const ann = await connected('ann');
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const answer = stack.chat.answer;
    stack.chat.answer = async (call): Promise<CallResult> => {
      if (call.sendMessage) await released;
      return answer(call);
    };
    const sent = ann.send('sendMessage', { roomId, content: 'under way' });
    const gone = once(ann.socket as never, 'disconnect');
    const exited = once(child, 'exit');
    await expect.poll(() => inFlight()).toBe(1);
    child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(503);
    await expect(connected('ben')).rejects.toMatchObject({ data: { code: 'SHUTTING_DOWN', retryable: true } });
    release();
    await expect(sent).resolves.toMatchObject({ success: true, data: { messageId: 1 } });
    await gone;
    await expect(exited).resolves.toEqual([0, null]);
  });

  it('tells each socket when to come back, and closes so that a stock client reconnects by itself', async () => {
    const clients = [await connected('ann'), await connected('ben'), await connected('cat')];
    const reasons = clients.map(({ socket }) => once(socket as never, 'disconnect'));
    child.kill('SIGTERM');
    for (const reason of reasons) await expect(reason).resolves.toMatchObject(['transport close', {}]);
    const delays = clients.flatMap((client) => client.payloads('reconnectIn').map(({ delayMs }) => delayMs));
    expect(delays).toHaveLength(3);
    expect(new Set(delays).size).toBe(3);
    for (const delayMs of delays) expect(delayMs).toBeLessThanOrEqual(500);
  });

  async function connected(userId: string): Promise<ChatClient> {
    const client = new ChatClient(port, { token: await testToken(userId) });
    stack.clients.push(client);
    await client.connect();
    return client;
  }

  async function inFlight(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(/^chat_gateway_link_calls_in_flight_count (\d+)/m.exec(text)?.[1]);
  }
});
