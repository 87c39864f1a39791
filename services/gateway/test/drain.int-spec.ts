import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePorts } from '@parlance/devstack';
import type { CallResult } from '@parlance/proto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChatClient, TestStack, testEnvironment, testToken } from './fixtures/test-stack.js';

describe('a gateway process that is told to stop', () => {
  let stack: TestStack;
  let port: number;
  let opsPort: number;
  let child: ChildProcess;

  beforeEach(async () => {
    stack = await TestStack.start();
  });
  afterEach(async () => {
    child.kill('SIGKILL');
    await stack.stop();
  });

  async function start(more: Record<string, string> = {}): Promise<void> {
    [port = 0, opsPort = 0] = await freePorts(2);
    const env = testEnvironment({
      PORT: String(port),
      OPS_PORT: String(opsPort),
      REDIS_NODES: `127.0.0.1:${stack.redis.port}`,
      CHAT_SERVICE_TARGETS: `127.0.0.1:${stack.server.port}`,
      RECONNECT_SPREAD_MS: '500',
      ...more,
    });
    child = spawn(process.execPath, [new URL('../dist/main.js', import.meta.url).pathname], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of child.stdout ?? []) if (String(line).includes('gateway is ready')) break;
  }

  it('answers what is in flight, refuses newcomers, says goodbye and exits with 0', async () => {
    await start();
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
    await expect.poll(() => gauge('calls_in_flight')).toBe(1);
    child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${opsPort}/readyz`)).status).toBe(503);
    await expect(connected('ben')).rejects.toMatchObject({ data: { code: 'SHUTTING_DOWN', retryable: true } });
    release();
    await expect(sent).resolves.toMatchObject({ success: true, data: { messageId: 1 } });
    await gone;
    await expect(exited).resolves.toEqual([0, null]);
  });

  it('tells each socket when to come back, and closes so that a stock client reconnects by itself', async () => {
    await start();
    const clients = [await connected('ann'), await connected('ben'), await connected('cat')];
    const reasons = clients.map(({ socket }) => once(socket as never, 'disconnect'));
    child.kill('SIGTERM');
    for (const reason of reasons) await expect(reason).resolves.toMatchObject(['transport close', {}]);
    const delays = clients.flatMap((client) => client.payloads('reconnectIn').map(({ delayMs }) => delayMs));
    expect(delays).toHaveLength(3);
    expect(new Set(delays).size).toBe(3);
    for (const delayMs of delays) expect(delayMs).toBeLessThanOrEqual(500);
  });

  it('is not ready and serves everything until others have had time to hear of it', async () => {
    await start({ DRAIN_DELAY_MS: '2500', SHUTDOWN_GRACE_MS: '5000' });
    const ann = await connected('ann');
    const roomId = stack.chat.createRoom(['ann']);
    child.kill('SIGTERM');
    await expect.poll(() => readiness()).toBe(503);
    const history = await fetch(`http://127.0.0.1:${port}/api/v1/rooms/${roomId}/messages`, {
      headers: { authorization: `Bearer ${await testToken('ann')}` },
    });
    // The next request of this client is to find another gateway.
    expect([history.status, history.headers.get('connection')]).toEqual([200, 'close']);
    await connected('ben');
    expect([await gauge('draining'), await gauge('drain_sockets_left'), await gauge('ready')]).toEqual([1, 2, 0]);
    await expect(ann.send('sendMessage', { roomId, content: 'still' })).resolves.toMatchObject({ success: true });
    expect(ann.payloads('reconnectIn')).toEqual([]);
    await expect(once(child, 'exit')).resolves.toEqual([0, null]);
    expect(ann.payloads('reconnectIn')).toHaveLength(1);
  });

  it('goes on at once at a second signal', async () => {
    await start({ DRAIN_DELAY_MS: '60000', SHUTDOWN_GRACE_MS: '120000' });
    const ann = await connected('ann');
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await expect.poll(() => readiness()).toBe(503);
    child.kill('SIGTERM');
    await ann.until(() => ann.payloads('reconnectIn').length === 1);
    await expect(exited).resolves.toEqual([0, null]);
  });

  async function readiness(): Promise<number> {
    return (await fetch(`http://127.0.0.1:${opsPort}/readyz`)).status;
  }

  async function connected(userId: string): Promise<ChatClient> {
    const client = new ChatClient(port, { token: await testToken(userId) });
    stack.clients.push(client);
    await client.connect();
    return client;
  }

  async function gauge(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text();
    return Number(new RegExp(`^chat_gateway_${name} (\\d+)`, 'm').exec(text)?.[1]);
  }
});
