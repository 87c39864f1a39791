import { Encoder, PacketType } from 'socket.io-parser';
import { describe, expect, test } from 'vitest';
import { readFrame } from './read-frame.ts';

describe('frames of a server', () => {
  test('a message of the bench is told by room, sequence and id', () => {
    const message = { messageId: 4_294_967_299, roomId: 'r', content: 'm12.345 xxx', metadata: { a: [1] } };
    expect(read(event('/chat', ['newMessage', message]), '/chat,')).toEqual([['message', 12, 345, 4_294_967_299]]);
    expect(read(event('/', ['newMessage', { ...message, content: 'm0.0 ' }]), '')).toEqual([
      ['message', 0, 0, 4_294_967_299],
    ]);
  });

  test('an ack is told by its id, with its arguments as JSON', () => {
    const ack = { type: PacketType.ACK, nsp: '/chat', id: 77, data: [{ success: true, data: { content: 'm1.2 ' } }] };
    const json = '[{"success":true,"data":{"content":"m1.2 "}}]';
    expect(read(`4${String(new Encoder().encode(ack)[0])}`, '/chat,')).toEqual([['ack', 77, json]]);
  });

  test('every other event is told by its name', () => {
    const [told] = read(event('/chat', ['ready', { rooms: [] }]), '/chat,');
    expect(told?.slice(0, 2)).toEqual(['event', 'ready']);
  });

  test('opening, joining, refusal, end and ping are told', () => {
    expect(read('0{"sid":"a"}', '/chat,')).toEqual([['connection', 'open']]);
    expect(read('40/chat,{"sid":"a"}', '/chat,')).toEqual([['connection', 'joined']]);
    expect(read('44/chat,{"message":"no"}', '/chat,')).toEqual([['connection', 'refused']]);
    expect(read('41/chat,', '/chat,')).toEqual([['connection', 'closed']]);
    expect(read('1', '/chat,')).toEqual([['connection', 'closed']]);
    expect(read('2', '/chat,')).toEqual([['ping']]);
    expect(read('6', '/chat,')).toEqual([]);
  });

  test.each(['', '9', '45x', 'hello'])('what no server sends is refused: %j', (text) => {
    expect(() => read(text, '')).toThrow('not a frame');
  });
});

function event(nsp: string, data: unknown[]): string {
  return `4${String(new Encoder().encode({ type: PacketType.EVENT, nsp, data })[0])}`;
}

function read(text: string, prefix: string): unknown[][] {
  const told: unknown[][] = [];
  readFrame(text, prefix, {
    message: (...what) => void told.push(['message', ...what]),
    ack: (...what) => void told.push(['ack', ...what]),
    event: (...what) => void told.push(['event', ...what]),
    ping: () => void told.push(['ping']),
    connection: (what) => void told.push(['connection', what]),
  });
  return told;
}
