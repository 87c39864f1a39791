import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestStack, testToken } from './fixtures/test-stack.js';

describe('the transports', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({ TRANSPORTS: 'websocket,polling' });
  });
  afterAll(() => stack.stop());

  it('carry the same events by polling, where it is configured', async () => {
    const roomId = stack.chat.createRoom(['ann']);
    const socket = io(`http://127.0.0.1:${stack.gateway.port}/chat`, {
      transports: ['polling'],
      auth: { token: await testToken('ann') },
      forceNew: true,
    });
    const events = socket as unknown as NodeJS.EventEmitter;
    await once(events, 'ready');
    const heard = once(events, 'newMessage');
    await expect(socket.emitWithAck('sendMessage', { roomId, content: 'ä' })).resolves.toMatchObject({ success: true });
    await expect(heard).resolves.toMatchObject([{ messageId: 1, content: 'ä' }]);
    socket.disconnect();
  });

  it('cut off a socket that does not read, and keep the others', async () => {
    const roomId = stack.chat.createRoom(['ben', 'cat']);
    const [ben, deaf] = [await stack.connected('ben'), await deafSocket('cat')];
    const closed = once(deaf, 'close');
    for (let sent = 50; sent <= 1_000; sent += 50) {
      for (let count = 0; count < 50; count++) stack.chat.store(roomId, 'ben', 'x'.repeat(16_000));
      await ben.until(() => ben.payloads('newMessage').length === sent);
    }
    await expect.poll(() => metric('chat_gateway_buffer_overflows_total')).toBe(1);
    expect(await metric('chat_gateway_connections')).toBe(1);
    deaf.resume();
    await closed;
  });

  /** A WebSocket client by hand that joins the namespace and then stops reading from its TCP socket. */
  async function deafSocket(userId: string) {
    const socket = connect({ port: stack.gateway.port, host: '127.0.0.1' });
    socket.on('error', () => {});
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await once(socket, 'data');
    socket.write(maskedFrame(`40/chat,${JSON.stringify({ token: await testToken(userId) })}`));
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) if (String(chunk).includes('"ready"')) break;
    socket.pause();
    return socket;
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${stack.gateway.opsPort}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]);
  }
});

/** A client's text frame of less than 64 KiB (RFC 6455, section 5.2), masked with zeros. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([header, payload]);
}
