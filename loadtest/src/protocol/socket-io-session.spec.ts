import { decodePacket } from 'engine.io-parser';
import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser';
import { describe, expect, test } from 'vitest';
import { engineIoUrl } from './engine-io-url.ts';
import { SocketIoSession } from './socket-io-session.ts';
import type { WebSocketListener } from './web-socket.ts';

describe('SocketIoSession', () => {
  test('sends its CONNECT when the WebSocket opens, without the server having said a word', async () => {
    const { listener, sent, connected } = begin();
    expect(sent).toEqual([]);
    listener.opened();
    expect(sent.map(theirRead)).toEqual([{ type: PacketType.CONNECT, nsp: '/chat', data: { token: 't' } }]);
    listener.text(theirWrite({ type: PacketType.CONNECT, nsp: '/chat', data: { sid: 's' } }));
    await connected;
  });

  test('resolves each request with its own ack, whatever the order of the acks', async () => {
    const { session, listener, sent } = await open();
    const first = session.request('sendMessage', { content: 'a' });
    const second = session.request('sendMessage', { content: 'b' });
    const [one, two] = sent.slice(-2).map(theirRead);
    expect([one?.data, two?.data]).toEqual([
      ['sendMessage', { content: 'a' }],
      ['sendMessage', { content: 'b' }],
    ]);
    for (const [packet, answer] of [
      [two, 'of b'],
      [one, 'of a'],
    ] as const) {
      listener.text(theirWrite({ type: PacketType.ACK, nsp: '/chat', id: packet?.id ?? -1, data: [answer] }));
    }
    expect(await Promise.all([first, second])).toEqual(['of a', 'of b']);
  });

  test('hands on the events of the server in their order', async () => {
    const { listener, events } = await open();
    for (const payload of [{ messageId: 1 }, { messageId: 2 }]) {
      listener.text(theirWrite({ type: PacketType.EVENT, nsp: '/chat', data: ['newMessage', payload] }));
    }
    expect(events).toEqual([
      ['newMessage', { messageId: 1 }],
      ['newMessage', { messageId: 2 }],
    ]);
  });

  test('answers a ping with a pong', async () => {
    const { listener, sent } = await open();
    listener.text('2');
    expect(sent.at(-1)).toBe('3');
  });

  test('rejects a refused connection with what the server said', async () => {
    const { listener, connected } = begin();
    listener.opened();
    const refusal = { message: 'no', data: { code: 'TOKEN_EXPIRED' } };
    listener.text(theirWrite({ type: PacketType.CONNECT_ERROR, nsp: '/chat', data: refusal }));
    await expect(connected).rejects.toThrow('TOKEN_EXPIRED');
  });

  test('rejects what is under way, and what comes later, when the connection breaks', async () => {
    const { session, listener, ends } = await open();
    const request = session.request('getHistory', {});
    listener.closed('cable cut');
    await expect(request).rejects.toThrow('cable cut');
    await expect(session.request('getHistory', {})).rejects.toThrow('cable cut');
    expect(session.isOpen).toBe(false);
    listener.closed('once more');
    expect(ends).toEqual(['cable cut']);
  });

  test.each(['41/chat,', '1', 'garbage', '42/chat,[1]'])(
    'ends at a goodbye and at a broken frame: %j',
    async (frame) => {
      const { session, listener, closed } = await open();
      listener.text(frame);
      expect(session.isOpen).toBe(false);
      expect(closed()).toBe(true);
    },
  );

  test('says goodbye when it leaves', async () => {
    const { session, sent, closed } = await open();
    session.close();
    expect(theirRead(sent.at(-1) ?? '')).toEqual({ type: PacketType.DISCONNECT, nsp: '/chat' });
    expect(closed()).toBe(true);
  });

  test('closes without a goodbye when it is cut', async () => {
    const { session, sent, closed, ends } = await open();
    const before = sent.length;
    session.cut('pulled out');
    expect(sent).toHaveLength(before);
    expect(closed()).toBe(true);
    expect(ends).toEqual(['pulled out']);
  });
});

test.each([
  ['http://127.0.0.1:3000', 'ws://127.0.0.1:3000/socket.io/?EIO=4&transport=websocket'],
  ['https://chat.example/', 'wss://chat.example/socket.io/?EIO=4&transport=websocket'],
])('the WebSocket of %s is at %s', (gateway, url) => {
  expect(engineIoUrl(gateway)).toBe(url);
});

function begin() {
  const sent: string[] = [];
  const events: [string, unknown][] = [];
  const ends: string[] = [];
  let listener: WebSocketListener | undefined;
  let isClosed = false;
  const session = new SocketIoSession({
    openWebSocket: (_url, hears) => {
      listener = hears;
      return { send: (frame) => void sent.push(frame), close: () => void (isClosed = true) };
    },
    url: 'ws://127.0.0.1/socket.io/?EIO=4&transport=websocket',
    namespace: '/chat',
    auth: { token: 't' },
    onEvent: (name, payload) => void events.push([name, payload]),
    onEnd: (reason) => void ends.push(reason),
  });
  const connected = session.connect();
  if (listener === undefined) throw new Error('no WebSocket was opened');
  return { session, listener, sent, events, ends, connected, closed: () => isClosed };
}

async function open() {
  const all = begin();
  all.listener.opened();
  all.listener.text(theirWrite({ type: PacketType.CONNECT, nsp: '/chat', data: { sid: 's' } }));
  await all.connected;
  return all;
}

function theirWrite(packet: Packet): string {
  return `4${String(new Encoder().encode(packet)[0])}`;
}

function theirRead(frame: string): Packet {
  const { type, data } = decodePacket(frame);
  if (type !== 'message') throw new Error(`not a message: ${frame}`);
  const decoder = new Decoder();
  let decoded: Packet | undefined;
  decoder.on('decoded', (packet: Packet) => {
    decoded = packet;
  });
  decoder.add(data);
  if (decoded === undefined) throw new Error(`nothing in ${frame}`);
  return decoded;
}
