import { describe, expect, it } from 'vitest';
import { ackFrame, eventFrame } from './frame.js';

describe('frames', () => {
  it('splice the payload into a Socket.IO event packet unread', () => {
    expect(eventFrame('newMessage', '{"content":"ä\\n\\"}{"}').packet).toBe(
      '2/chat,["newMessage",{"content":"ä\\n\\"}{"}]',
    );
  });

  it('name the ack id in a Socket.IO ack packet', () => {
    expect(ackFrame(17, '{"success":true}').packet).toBe('3/chat,17[{"success":true}]');
  });

  it.each([1, 100, 125, 126, 1_000, 65_535, 65_536, 200_000])(
    'carry a WebSocket header that fits %i characters',
    (length) => {
      const frame = eventFrame('e', JSON.stringify('ä'.repeat(length)));
      const [bytes] = frame.options.wsPreEncodedFrame;
      expect(bytes[0]).toBe(0x81);
      expect(payloadOf(bytes).toString()).toBe(`4${frame.packet}`);
    },
  );
});

/** The payload of one unmasked frame, read by RFC 6455; throws when its length is not that of the rest. */
function payloadOf(frame: Buffer): Buffer {
  const short = frame[1] ?? 0;
  const [start, length] =
    short < 126 ? [2, short] : short === 126 ? [4, frame.readUInt16BE(2)] : [10, Number(frame.readBigUInt64BE(2))];
  if (frame.length !== start + length) throw new Error(`${frame.length} bytes for a payload of ${length}`);
  return frame.subarray(start);
}
