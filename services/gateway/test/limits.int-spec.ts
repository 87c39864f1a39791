import { afterEach, describe, expect, it } from 'vitest';
import { freeze } from './fixtures/freeze.js';
import { ChatClient, startTestGateway, TestStack, testToken } from './fixtures/test-stack.js';

describe('the limits', () => {
  let stack: TestStack;

  afterEach(() => stack.stop());

  it('refuse one connection too many of a user, and let it in when another has gone', async () => {
    stack = await TestStack.start({ MAX_CONNECTIONS_PER_USER: '2' });
    const first = await stack.connected('ann');
    await stack.connected('ann');
    await expect(stack.connected('ann')).rejects.toMatchObject({
      data: { code: 'TOO_MANY_CONNECTIONS', retryable: true, outcome: 'rejected' },
    });
    await stack.connected('ben');
    first.socket.disconnect();
    await expect.poll(() => stack.connected('ann').catch(() => undefined)).toBeDefined();
  });

  it('let a connection in at once in place of the one that was silent longest, and of none that answers', async () => {
    stack = await TestStack.start({ MAX_CONNECTIONS_PER_USER: '3' });
    const [first, second, third] = [
      await stack.connected('ann'),
      await stack.connected('ann'),
      await stack.connected('ann'),
    ];
    const thaw = [first, second].map((client) => freeze(client.socket));
    await stack.connected('ann');
    thaw[0]?.();
    await expect.poll(() => first.socket.connected).toBe(false);
    expect(first.payloads('exception')).toMatchObject([{ error: { code: 'TOO_MANY_CONNECTIONS', retryable: true } }]);
    await stack.connected('ann');
    await expect(stack.connected('ann')).rejects.toMatchObject({ data: { code: 'TOO_MANY_CONNECTIONS' } });
    expect(third.socket.connected).toBe(true);
    thaw[1]?.();
    await expect.poll(() => second.socket.connected).toBe(false);
  });

  it('let as many connections in as fall silent, when they come together', async () => {
    stack = await TestStack.start({ MAX_CONNECTIONS_PER_USER: '5' });
    const silent = [];
    for (let index = 0; index < 5; index++) silent.push(await stack.connected('ann'));
    for (const { socket } of silent) freeze(socket);
    const outcomes = await Promise.allSettled(Array.from({ length: 7 }, () => stack.connected('ann')));
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refusals).toMatchObject(Array.from({ length: 2 }, () => ({ data: { code: 'TOO_MANY_CONNECTIONS' } })));
  });

  it('refuse one connection too many of the whole gateway', async () => {
    stack = await TestStack.start({ MAX_CONNECTIONS: '1' });
    await stack.connected('ann');
    await expect(stack.connected('ben')).rejects.toMatchObject({ data: { code: 'TOO_MANY_CONNECTIONS' } });
  });

  it('count the handshakes of an address at all gateways together', async () => {
    const limit = { HANDSHAKES_PER_IP_PER_MINUTE: '2' };
    stack = await TestStack.start(limit);
    const other = await startTestGateway({
      REDIS_NODES: `127.0.0.1:${stack.redis.port}`,
      CHAT_SERVICE_TARGETS: `127.0.0.1:${stack.server.port}`,
      ...limit,
    });
    await stack.connected('ann');
    await at(other.port, 'ben');
    await expect(stack.connected('cat')).rejects.toMatchObject({
      data: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) },
    });
    await other.close();
  });

  it('hold a flood of one socket to a burst, class by class, and let others through', async () => {
    stack = await TestStack.start({ SOCKET_TYPING_PER_SECOND: '1', SOCKET_OTHERS_PER_SECOND: '1' });
    const roomId = stack.chat.createRoom(['ann', 'ben']);
    const [ann, ben] = [await stack.connected('ann'), await stack.connected('ben')];
    const flood = Array.from({ length: 700 }, (_, index) => ann.send('typing', { roomId, isTyping: index % 2 === 0 }));
    const answers = await Promise.all(flood);
    const refused = answers.filter(({ success }) => !success);
    expect(refused.length).toBeGreaterThanOrEqual(600);
    expect(refused[0]).toMatchObject({
      error: { code: 'RATE_LIMITED', retryable: true, outcome: 'rejected', retryAfterMs: expect.any(Number) },
    });
    expect(stack.chat.calls.filter(({ setTyping }) => setTyping).length).toBe(700 - refused.length);
    await expect(ben.send('typing', { roomId, isTyping: true })).resolves.toMatchObject({ success: true });
    await expect(ann.send('sendMessage', { roomId, content: 'hello' })).resolves.toMatchObject({ success: true });
    const unknown = await Promise.all(Array.from({ length: 50 }, () => ann.sendAnything('nothing', {})));
    const unknownRefused = unknown.filter((answer) => !answer.success && answer.error.code === 'RATE_LIMITED');
    expect(unknownRefused.length).toBeGreaterThan(0);
    expect([await refusals('typing'), await refusals('others'), await refusals('sends')]).toEqual([
      refused.length,
      unknownRefused.length,
      0,
    ]);
  });

  it('count what has no ack as well, and answer no more of it than may come', async () => {
    stack = await TestStack.start({ SOCKET_OTHERS_PER_SECOND: '1' });
    const ann = await stack.connected('ann');
    for (let index = 0; index < 200; index++) ann.emitWithoutAck('nothing', {});
    await ann.send('listRooms', {});
    expect(ann.payloads('exception').length).toBeLessThan(20);
  });

  it('pass the same typing on once in a moment', async () => {
    stack = await TestStack.start({ SOCKET_TYPING_PER_SECOND: '1000' });
    const roomId = stack.chat.createRoom(['ann', 'ben']);
    const ann = await stack.connected('ann');
    await ann.send('typing', { roomId, isTyping: true });
    const again = await Promise.all(Array.from({ length: 100 }, () => ann.send('typing', { roomId, isTyping: true })));
    expect(again.every(({ success }) => success)).toBe(true);
    await ann.send('typing', { roomId, isTyping: false });
    const told = stack.chat.calls.flatMap(({ setTyping }) => (setTyping ? [setTyping.isTyping] : []));
    // A machine that stalls for seconds may tell it again; a hundred times it does not.
    expect([told[0], told.at(-1), told.length < 10]).toEqual([true, false, true]);
  });

  it('answer HTTP requests over the limit of a user with the time to wait', async () => {
    stack = await TestStack.start({ HTTP_PER_USER_PER_MINUTE: '2' });
    const answers = [await rooms('ann'), await rooms('ann'), await rooms('ann'), await rooms('ben')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
    const body = (await answers[2]?.json()) as { error: { code: string; retryAfterMs: number } };
    expect(body.error).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    expect(body.error.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBe(Math.ceil(body.error.retryAfterMs / 1000));
    expect([await refusals('httpOfUser'), await refusals('httpOfAddress')]).toEqual([1, 0]);
  });

  it('count HTTP requests by address before the token, through as many proxies as are trusted', async () => {
    stack = await TestStack.start({ HTTP_PER_IP_PER_MINUTE: '1', TRUST_PROXY_HOPS: '1' });
    const from = (forwarded: string): Promise<Response> => rooms('ann', { 'x-forwarded-for': forwarded });
    const answers = [await from('1.1.1.1'), await from('2.2.2.2'), await from('9.9.9.9, 1.1.1.1')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect((await fetch(`http://127.0.0.1:${stack.gateway.port}/socket.io/`)).status).toBe(400);
  });

  it('hold in each gateway by itself while Redis is away', async () => {
    stack = await TestStack.start({ HTTP_PER_USER_PER_MINUTE: '2' });
    await stack.redis.stop();
    const answers = [await rooms('ann'), await rooms('ann'), await rooms('ann')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  async function refusals(limit: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${stack.gateway.opsPort}/metrics`)).text();
    return Number(
      new RegExp(`^chat_gateway_rate_limit_refusals_total\\{limit="${limit}"\\} (\\d+)$`, 'm').exec(text)?.[1],
    );
  }

  async function rooms(userId: string, headers: Record<string, string> = {}): Promise<Response> {
    const authorization = `Bearer ${await testToken(userId)}`;
    return fetch(`http://127.0.0.1:${stack.gateway.port}/api/v1/rooms`, { headers: { authorization, ...headers } });
  }

  async function at(port: number, userId: string): Promise<void> {
    const client = new ChatClient(port, { token: await testToken(userId) });
    stack.clients.push(client);
    await client.connect();
  }
});
