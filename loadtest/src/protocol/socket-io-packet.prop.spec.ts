import fc from 'fast-check';
import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser';
import { describe, expect, test } from 'vitest';
import { decodeSocketIo, encodeSocketIo, type SocketIoPacket } from './socket-io-packet.ts';

describe('Socket.IO packets', () => {
  test('socket.io-parser reads whatever is written', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        expect(theirDecode(encodeSocketIo(packet))).toEqual(asTheirs(packet));
      }),
    );
  });

  test('whatever socket.io-parser writes is read', () => {
    fc.assert(
      fc.property(packets, (packet) => {
        expect(decodeSocketIo(theirEncode(asTheirs(packet)))).toEqual(packet);
      }),
    );
  });

  test.each([
    '',
    'x',
    '2',
    '2{}',
    '2[]',
    '2[1]',
    '2["a"',
    '3[1]',
    '37{}',
    '0[]',
    '4"no"',
    '51-["a",{"_placeholder":true,"num":0}]',
  ])('refuses what is no packet, or a binary one: %j', (text) => {
    expect(() => decodeSocketIo(text)).toThrow('not a Socket.IO packet');
  });
});

const namespace = fc.constantFrom('/', '/chat', '/a/b-1');
const id = fc.nat();
// What JSON can carry: a round trip through it drops the sign of -0.
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const args = fc.array(json, { maxLength: 3 });
const record = fc.dictionary(fc.string(), json);
const reserved = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);
const name = fc.string().filter((text) => !reserved.has(text));
const error = fc.record({ message: fc.string(), data: json }, { requiredKeys: ['message'] });

const packets: fc.Arbitrary<SocketIoPacket> = fc.oneof(
  fc.record(
    { type: fc.constant('connect' as const), namespace, data: record },
    { requiredKeys: ['type', 'namespace'] },
  ),
  fc.record({ type: fc.constant('disconnect' as const), namespace }),
  fc.record(
    { type: fc.constant('event' as const), namespace, id, name, args },
    { requiredKeys: ['type', 'namespace', 'name', 'args'] },
  ),
  fc.record({ type: fc.constant('ack' as const), namespace, id, args }),
  fc.record({ type: fc.constant('connectError' as const), namespace, error }),
);

function asTheirs(packet: SocketIoPacket): Packet {
  const nsp = packet.namespace;
  switch (packet.type) {
    case 'connect':
      return { type: PacketType.CONNECT, nsp, ...('data' in packet ? { data: packet.data } : {}) };
    case 'disconnect':
      return { type: PacketType.DISCONNECT, nsp };
    case 'event':
      return {
        type: PacketType.EVENT,
        nsp,
        ...('id' in packet ? { id: packet.id } : {}),
        data: [packet.name, ...packet.args],
      };
    case 'ack':
      return { type: PacketType.ACK, nsp, id: packet.id, data: packet.args };
    case 'connectError':
      return { type: PacketType.CONNECT_ERROR, nsp, data: packet.error };
  }
}

function theirEncode(packet: Packet): string {
  return String(new Encoder().encode(packet)[0]);
}

function theirDecode(text: string): Packet {
  const decoder = new Decoder();
  let decoded: Packet | undefined;
  decoder.on('decoded', (packet: Packet) => {
    decoded = packet;
  });
  decoder.add(text);
  if (decoded === undefined) throw new Error('socket.io-parser decoded nothing');
  return decoded;
}
