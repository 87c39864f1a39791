import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeEnvelope, roomChannel } from '@parlance/proto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStack, testToken } from './fixtures/test-stack.js';

/** What a message costs, counted: the same on every machine, however slow. */
describe('a message', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start();
  });
  afterAll(() => stack.stop());

  it('travels with others to the chat service when many are sent together: at most a tenth of a frame each', async () => {
    const users = Array.from({ length: 10 }, (_, index) => `sender-${index}`);
    const roomId = stack.chat.createRoom(users);
    const clients = await Promise.all(users.map((userId) => stack.connected(userId)));
    const before = await metric('chat_gateway_stream_frames_total{direction="out"}');
    const sends = clients.flatMap((client) =>
      Array.from({ length: 40 }, () => client.send('sendMessage', { roomId, content: 'x' })),
    );
    const answers = await Promise.all(sends);
    expect(answers.every(({ success }) => success)).toBe(true);
    const frames = (await metric('chat_gateway_stream_frames_total{direction="out"}')) - before;
    expect(frames / sends.length).toBeLessThanOrEqual(0.1);
    for (const client of clients) await client.until(() => client.payloads('newMessage').length === sends.length);
  });

  it('leaves at once where there are no others', async () => {
    const roomId = stack.chat.createRoom(['alone']);
    const client = await stack.connected('alone');
    const before = await metric('chat_gateway_stream_frames_total{direction="out"}');
    for (let sent = 0; sent < 5; sent++) await client.send('sendMessage', { roomId, content: 'x' });
    expect((await metric('chat_gateway_stream_frames_total{direction="out"}')) - before).toBeGreaterThanOrEqual(5);
  });

  it('is written with those that are there with it: at most a fifth of a write a delivery', async () => {
    const users = Array.from({ length: 10 }, (_, index) => `reader-${index}`);
    const roomId = stack.chat.createRoom(users);
    const clients = await Promise.all(users.map((userId) => stack.connected(userId)));
    const before = await metric('chat_gateway_socket_writes_total');
    for (let stored = 0; stored < 64; stored++) stack.chat.store(roomId, 'reader-0', 'x');
    for (const client of clients) await client.until(() => client.payloads('newMessage').length === 64);
    const writes = (await metric('chat_gateway_socket_writes_total')) - before;
    expect(writes / (64 * users.length)).toBeLessThanOrEqual(0.2);
  });

  it('is passed on as the bytes that came, unread: also when they are no JSON', async () => {
    const roomId = stack.chat.createRoom(['raw']);
    const socket = await rawSocket('raw');
    const payload = '{ "messageId": 1,  "content":"ä",, \\u00e4';
    const publisher = new Redis({ port: stack.redis.port });
    const heard = new Promise<string>((resolve) => {
      let text = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        text = Buffer.concat([text, chunk]);
        if (text.includes('newMessage')) resolve(text.toString());
      });
    });
    const header = { v: 1, type: 'chat:message:new', roomId, head: 1, rev: 0, memberRev: 1, at: 0 } as const;
    await publisher.spublish(roomChannel(roomId), encodeEnvelope({ ...header, payload }));
    expect(await heard).toContain(`42/chat,["newMessage",${payload}]`);
    publisher.disconnect();
    socket.destroy();
  });

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${stack.gateway.opsPort}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length) ?? 0);
  }

  /** A WebSocket by hand, of which the bytes can be seen. */
  async function rawSocket(userId: string) {
    const socket = connect({ port: stack.gateway.port, host: '127.0.0.1' });
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await once(socket, 'data');
    const text = Buffer.from(`40/chat,${JSON.stringify({ token: await testToken(userId) })}`);
    socket.write(
      Buffer.concat([Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 0xff, 0, 0, 0, 0]), text]),
    );
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) if (String(chunk).includes('"ready"')) break;
    return socket;
  }
});
