import { decodePacket, encodePacket } from 'engine.io-parser';
import { describe, expect, test } from 'vitest';
import { decodeEngineIo, type EngineIoPacket, encodeEngineIo } from './engine-io-packet.ts';

const packets: readonly EngineIoPacket[] = [
  { type: 'open', data: '{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":73728}' },
  { type: 'close' },
  { type: 'ping', data: '' },
  { type: 'ping', data: 'probe' },
  { type: 'pong', data: '' },
  { type: 'message', data: '2["hello ✓"]' },
  { type: 'noop' },
];

describe('Engine.IO packets', () => {
  test.each(packets)('engine.io-parser reads what is written: $type', (packet) => {
    const data = 'data' in packet && packet.data !== '' ? { data: packet.data } : {};
    expect(decodePacket(encodeEngineIo(packet))).toEqual({ type: packet.type, ...data });
  });

  test.each(packets)('reads what engine.io-parser writes: $type', (packet) => {
    let frame = '';
    encodePacket({ type: packet.type, data: 'data' in packet ? packet.data : '' }, true, (encoded) => {
      frame = String(encoded);
    });
    expect(decodeEngineIo(frame)).toEqual(packet);
  });

  test.each(['', 'b', '5', '9x', 'bAQID'])('refuses what no server sends over WebSocket: %j', (frame) => {
    expect(() => decodeEngineIo(frame)).toThrow('not an Engine.IO packet');
  });
});
