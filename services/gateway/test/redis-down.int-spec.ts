import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, TestStack } from './fixtures/test-stack.js';

const redisChecks = ['redis-commands', 'redis-subscriptions', 'redis-loopback'];

describe('a gateway whose Redis is away', () => {
  let stack: TestStack;

  beforeEach(async () => {
    stack = await TestStack.start();
    await stack.redis.stop();
  });
  afterEach(() => stack.stop());

  it.each(['single', 'cluster'])('starts without it (%s)', async (mode) => {
    const gateway = await startTestGateway({
      REDIS_MODE: mode,
      REDIS_NODES: `127.0.0.1:${stack.redis.port}`,
      CHAT_SERVICE_TARGETS: `127.0.0.1:${stack.server.port}`,
    });
    expect((await fetch(`http://127.0.0.1:${gateway.opsPort}/livez`)).status).toBe(200);
    await gateway.close();
  });

  it('still lets clients connect, send and read, stays ready and says what is wrong', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const ann = await stack.connected('ann');
    await expect(ann.send('sendMessage', { roomId, content: 'x' })).resolves.toMatchObject({ success: true });
    await expect(ann.send('getHistory', { roomId })).resolves.toMatchObject({
      success: true,
      data: [{ messageId: 1 }],
    });
    const readyz = await fetch(`http://127.0.0.1:${stack.gateway.opsPort}/readyz`);
    expect(readyz.status).toBe(200);
    await expect
      .poll(async () => (await fetch(readyz.url)).json())
      .toMatchObject({
        status: 'ready',
        degraded: true,
        checks: expect.arrayContaining([
          expect.objectContaining({ name: 'redis-subscriptions', state: 'down' }),
          expect.objectContaining({ name: 'redis-commands', state: 'down' }),
        ]),
      });
  });

  it('tells a user of the rooms that the user was added to meanwhile, and brings the sockets in', async () => {
    await stack.redis.restart();
    const known = stack.chat.createRoom(['ann']);
    const ann = await stack.connected('ann');
    stack.chat.store(known, 'ann', 'live');
    await ann.until(() => ann.payloads('newMessage').length === 1);
    await stack.redis.stop();
    const added = stack.chat.createRoom(['ben']);
    stack.chat.store(added, 'ben', 'before');
    stack.chat.join(added, 'ann', true);
    await stack.redis.restart();
    await ann.until(() => ann.payloads('heads').some((heads) => heads[added] !== undefined));
    expect(ann.payloads('heads')).toContainEqual({ [added]: { head: 1, rev: 0, epoch: 1 } });
    stack.chat.store(added, 'ben', 'after');
    await ann.until(() => ann.payloads('newMessage').length === 2);
    expect(ann.payloads('newMessage').at(-1)).toMatchObject({ roomId: added, messageId: 2 });
  });

  it('tells of a room that was entered between the handshake and the first subscription', async () => {
    const ann = await stack.connected('ann');
    const added = stack.chat.createRoom(['ben']);
    stack.chat.join(added, 'ann', true);
    await stack.redis.restart();
    await ann.until(() => ann.payloads('heads').some((heads) => heads[added] !== undefined), 8_000);
    expect(ann.payloads('heads')).toContainEqual({ [added]: { head: 0, rev: 0, epoch: 1 } });
  });

  it('passes messages on without it, in order, and live again when it is back', async () => {
    const roomId = stack.chat.createRoom(['ann', 'ben']);
    const [ann, ben] = [await stack.connected('ann'), await stack.connected('ben')];
    for (const content of ['1', '2', '3']) await ann.send('sendMessage', { roomId, content });
    await ben.until(() => ben.payloads('newMessage').length === 3, 10_000);
    await ann.send('sendMessage', { roomId, content: '4' });
    await ben.until(() => ben.payloads('newMessage').length === 4, 10_000);
    await stack.redis.restart();
    await expect.poll(() => degraded()).toBe(false);
    const polls = (): number => stack.chat.calls.filter(({ getRoomHeads }) => getRoomHeads).length;
    const before = polls();
    stack.chat.store(roomId, 'ann', '5');
    await ben.until(() => ben.payloads('newMessage').length === 5);
    expect(polls()).toBe(before);
    expect(ben.payloads('newMessage').map(({ content }) => content)).toEqual(['1', '2', '3', '4', '5']);
    // It grows but for what the gateway hears of itself.
    await expect.poll(heardSecondsAgo, { timeout: 60_000 }).toBeLessThan(0.5);
    await expect.poll(upChecks).toEqual(new Set(['chat-service', 'delivery', ...redisChecks]));
  });

  it('asks for the heads of all rooms in one call a second', async () => {
    const rooms = Array.from({ length: 20 }, () => stack.chat.createRoom(['ann']));
    await stack.connected('ann');
    const asked = (): (readonly string[])[] =>
      stack.chat.calls.flatMap(({ getRoomHeads }) => (getRoomHeads ? [getRoomHeads.roomIds.toSorted()] : []));
    await expect.poll(() => asked().length).toBeGreaterThan(2);
    for (const each of asked()) expect(each).toEqual(rooms.toSorted());
  });

  it('stands in for the events of a chat service that alone has lost it, and says so', async () => {
    await stack.redis.restart();
    const roomId = stack.chat.createRoom(['ann']);
    const added = stack.chat.createRoom(['ben']);
    const ann = await stack.connected('ann');
    await expect.poll(() => degraded()).toBe(false);
    stack.chat.store(roomId, 'ben', 'lost', { silent: true });
    stack.server.tellEventsFailing(true);
    await ann.until(() => ann.payloads('newMessage').length === 1);
    await expect.poll(() => degraded()).toBe(true);
    stack.chat.store(roomId, 'ben', 'lost too', { silent: true });
    await ann.until(() => ann.payloads('newMessage').length === 2);
    stack.chat.join(added, 'ann', true);
    stack.server.tellEventsFailing(false);
    await ann.until(() => ann.payloads('heads').some((heads) => heads[added] !== undefined));
    await expect.poll(() => degraded()).toBe(false);
  });

  async function scrape(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${stack.gateway.opsPort}/metrics`)).text();
  }

  async function heardSecondsAgo(): Promise<number> {
    return Number(/^chat_gateway_subscriber_heard_seconds (.+)$/m.exec(await scrape())?.[1]);
  }

  async function upChecks(): Promise<ReadonlySet<string | undefined>> {
    const up = (await scrape()).matchAll(/^chat_gateway_health_check_up\{check="(.+)"\} 1$/gm);
    return new Set([...up].map(([, check]) => check));
  }

  async function degraded(): Promise<boolean> {
    const body = await (await fetch(`http://127.0.0.1:${stack.gateway.opsPort}/readyz`)).json();
    return (body as { degraded: boolean }).degraded;
  }
});
