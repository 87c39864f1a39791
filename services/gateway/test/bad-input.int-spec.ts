import { once } from 'node:events';
import { limits } from '@parlance/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatClient, TestStack, testToken } from './fixtures/test-stack.js';

describe('bad input over a real socket', () => {
  let stack: TestStack;
  let roomId: string;
  let ann: ChatClient;

  beforeAll(async () => {
    stack = await TestStack.start();
    roomId = stack.chat.createRoom(['ann']);
    ann = await stack.connected('ann');
  });
  afterAll(() => stack.stop());

  const bad: [string, string, unknown[]][] = [
    ['an unknown event', 'dropTables', [{}]],
    ['an event named like an object property', 'constructor', [{}]],
    ['an event named __proto__', '__proto__', [{}]],
    ['no payload', 'sendMessage', []],
    ['two payloads', 'sendMessage', [{ roomId: 'r', content: 'x' }, {}]],
    ['null', 'sendMessage', [null]],
    ['a list', 'sendMessage', [[]]],
    ['text', 'joinRoom', ['room']],
    ['a number', 'listRooms', [1]],
    ['an unknown field', 'sendMessage', [{ roomId: 'r', content: 'x', senderId: 'eve' }]],
    ['an operator object', 'joinRoom', [{ roomId: { $ne: null } }]],
    ['a brace in an id', 'getHistory', [{ roomId: '{r}' }]],
    ['a control character in an id', 'getHistory', [{ roomId: 'r\u0000' }]],
    ['a wrong type', 'sendMessage', [{ roomId: 'r', content: 7 }]],
    ['binary content', 'sendMessage', [{ roomId: 'r', content: Buffer.from('x') }]],
    ['binary metadata', 'sendMessage', [{ roomId: 'r', content: 'x', metadata: { deep: [Buffer.from('x')] } }]],
    ['a binary payload', 'sendMessage', [Buffer.from('x')]],
    ['half a character', 'sendMessage', [{ roomId: 'r', content: '\ud83d' }]],
    ['half a character as a key', 'sendMessage', [{ roomId: 'r', content: 'x', metadata: { '\ud83d': 1 } }]],
    ['a number beyond 2^53', 'sendMessage', [{ roomId: 'r', content: 'x', metadata: { n: 2 ** 53 } }]],
    ['seconds in place of milliseconds', 'getHistory', [{ roomId: 'r', fromDate: 1_795_348_800 }]],
    ['too many items', 'getHistory', [{ roomId: 'r', limit: 201 }]],
  ];

  it.each(bad)('answers %s with INVALID_MESSAGE and asks the chat service nothing', async (_what, event, payloads) => {
    const before = callsOfUsers();
    await expect(ann.sendAnything(event, ...payloads)).resolves.toMatchObject({
      success: false,
      error: { code: 'INVALID_MESSAGE', retryable: false, outcome: 'rejected' },
    });
    expect(callsOfUsers()).toBe(before);
  });

  it('answers content over its limit with MESSAGE_TOO_LARGE', async () => {
    await expect(ann.send('sendMessage', { roomId, content: 'x'.repeat(16_385) })).resolves.toMatchObject({
      success: false,
      error: { code: 'MESSAGE_TOO_LARGE' },
    });
    await expect(ann.send('sendMessage', { roomId, content: 'x'.repeat(60_000) })).resolves.toMatchObject({
      error: { code: 'MESSAGE_TOO_LARGE' },
    });
  });

  it('answers an event over its limit with MESSAGE_TOO_LARGE, in whatever way it is large, and keeps the connection', async () => {
    const room = { roomId, clientMessageId: 'c' };
    for (const [event, ...payloads] of [
      ['sendMessage', { ...room, content: 'x'.repeat(limits.eventBytes) }],
      ['sendMessage', { ...room, content: '\u6f22'.repeat(limits.eventBytes / 3) }],
      ['sendMessage', { ...room, content: Buffer.alloc(limits.eventBytes + 1) }],
      [
        'createRoom',
        { roomType: 'group', participants: Array.from({ length: 3_000 }, (_, at) => `${at}`.padEnd(128, '.')) },
      ],
      ['refreshToken', { token: 'x'.repeat(limits.transportBytes - 100) }],
      ['no such event', 'x'.repeat(limits.eventBytes)],
    ] as const) {
      await expect(ann.sendAnything(event, ...payloads)).resolves.toMatchObject({
        success: false,
        error: { code: event === 'no such event' ? 'INVALID_MESSAGE' : 'MESSAGE_TOO_LARGE', outcome: 'rejected' },
      });
    }
    expect(ann.socket.connected).toBe(true);
  });

  it('does nothing for an event without an ack and says so', async () => {
    const before = callsOfUsers();
    (ann.socket as unknown as { emit(...args: unknown[]): void }).emit('sendMessage', { roomId, content: 'x' });
    await ann.until(() => ann.payloads('exception').length === 1);
    expect(ann.payloads('exception')).toMatchObject([
      { success: false, error: { code: 'INVALID_MESSAGE', message: expect.stringContaining('ack') } },
    ]);
    expect(callsOfUsers()).toBe(before);
  });

  const garbage: [string, string | Buffer][] = [
    ['an unknown Engine.IO packet', 'x'],
    ['a ping in the wrong direction', '2probe'],
    ['an unknown Socket.IO packet', '49'],
    ['JSON that is none', '42/chat,1["sendMessage",{]'],
    ['an event that is no list', '42/chat,1{}'],
    ['a reserved event', '42/chat,1["disconnect"]'],
    ['an event for another namespace', '42/other,1["x"]'],
    ['a second CONNECT', '40/chat,{}'],
    ['an attachment out of nowhere', Buffer.from('x')],
    ['attachments that never come, then text', '451-/chat,1["a",{"_placeholder":true,"num":0}]'],
    ['too many attachments', '45999-/chat,1["a"]'],
    ['more than the transport takes', `42/chat,1["sendMessage","${'x'.repeat(limits.transportBytes)}"]`],
  ];

  it.each(garbage)('closes the connection that sends %s, and no other', async (_what, packet) => {
    const raw = await rawConnection();
    raw.send(packet);
    raw.send('42/chat,2["nothing"]');
    await closed(raw);
    await expect(ann.send('getHistory', { roomId })).resolves.toMatchObject({ success: true });
  });

  /** The gateway itself asks for heads, as nobody. */
  function callsOfUsers(): number {
    return stack.chat.calls.filter(({ userId }) => userId !== '').length;
  }

  async function rawConnection(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${stack.gateway.port}/socket.io/?EIO=4&transport=websocket`);
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.addEventListener('message', ({ data }) => void (String(data).includes('"ready"') && resolve()));
    await once(socket as never, 'open');
    socket.send(`40/chat,${JSON.stringify({ token: await testToken('ann') })}`);
    await promise;
    return socket;
  }

  function closed(socket: WebSocket): Promise<void> {
    if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => socket.addEventListener('close', () => resolve()));
  }
});
