import { limits } from '@parlance/proto';
import type { EventPacket, PacketDecoder } from './socket-internals.js';

/**
 * Extends Socket.IO's decoder by a note in every event that is over `limits.eventBytes`, its binary attachments included.
 * The transport lets more through than that, so that what is too large gets an answer in place of a broken connection.
 */
export function measuringDecoder(Decoder: new () => PacketDecoder): new () => PacketDecoder {
  return class extends Decoder {
    private bytes = 0;

    constructor() {
      super();
      this.on('decoded', (packet: { -readonly [Name in keyof EventPacket]: EventPacket[Name] }) => {
        if (this.bytes > limits.eventBytes) packet.isTooLarge = true;
        this.bytes = 0;
      });
    }

    override add(data: unknown): void {
      if (typeof data === 'string') this.bytes += data.length * 3 > limits.eventBytes ? Buffer.byteLength(data) : 0;
      else if (ArrayBuffer.isView(data)) this.bytes += data.byteLength;
      super.add(data);
    }
  };
}
