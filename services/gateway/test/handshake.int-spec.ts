import { once } from 'node:events';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatClient, TestStack, testToken } from './fixtures/test-stack.js';

describe('the handshake', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({ ALLOWED_ORIGINS: 'https://chat.example.com', AUTH_TIMEOUT_MS: '1000' });
  });
  afterAll(() => stack.stop());

  it('refuses a connection without a token', async () => {
    await expect(connectWith({})).rejects.toMatchObject({
      data: {
        code: 'UNAUTHENTICATED',
        retryable: false,
        message: expect.stringContaining('There is no token: give it as auth.token of the handshake'),
      },
    });
  });

  it('refuses a token that is no text', async () => {
    await expect(connectWith({ token: { $ne: null } })).rejects.toMatchObject({
      data: { code: 'UNAUTHENTICATED', message: 'auth.token is not text.' },
    });
  });

  it('tells an expired token from a wrong one', async () => {
    await expect(connectWith({ token: await testToken('ann', '1 hour ago') })).rejects.toMatchObject({
      data: { code: 'TOKEN_EXPIRED' },
    });
  });

  it('says why it refuses a token', async () => {
    await expect(connectWith({ token: `${await testToken('ann')}x` })).rejects.toMatchObject({
      data: { code: 'UNAUTHENTICATED', message: expect.stringMatching(/signature does not fit/) },
    });
  });

  it('takes the token from an Authorization header too', async () => {
    const client = new ChatClient(stack.gateway.port, {}, { authorization: `Bearer ${await testToken('ann')}` });
    stack.clients.push(client);
    await expect(client.connect()).resolves.toMatchObject({ userId: 'ann' });
  });

  it('refuses a protocol version that it does not speak', async () => {
    const client = await stack.client('ann', { protocolVersion: 99 });
    await expect(client.connect()).rejects.toMatchObject({ data: { code: 'INVALID_MESSAGE' } });
  });

  it('refuses a browser page of an origin that is not on the list', async () => {
    const client = await stack.client('ann', {}, { origin: 'https://evil.example' });
    await expect(client.connect()).rejects.toMatchObject({ data: { code: 'ORIGIN_NOT_ALLOWED' } });
  });

  it('lets a browser page of an allowed origin in', async () => {
    const client = await stack.client('ann', {}, { origin: 'https://chat.example.com' });
    await expect(client.connect()).resolves.toMatchObject({ userId: 'ann' });
  });

  it('closes a connection that does not join the namespace in time', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${stack.gateway.port}/socket.io/?EIO=4&transport=websocket`);
    await once(socket as unknown as NodeJS.EventEmitter & EventTarget, 'close');
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });

  it('has no namespace to hide in without a token', async () => {
    const socket = io(`http://127.0.0.1:${stack.gateway.port}/`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    const [error] = await once(socket as unknown as NodeJS.EventEmitter, 'connect_error');
    expect(error).toMatchObject({ message: 'Invalid namespace' });
    socket.disconnect();
  });

  it('offers WebSocket only, unless configured otherwise', async () => {
    const response = await fetch(`http://127.0.0.1:${stack.gateway.port}/socket.io/?EIO=4&transport=polling`);
    expect(response.status).toBe(400);
  });

  async function connectWith(auth: Record<string, unknown>): Promise<unknown> {
    return new ChatClient(stack.gateway.port, auth).connect();
  }
});
