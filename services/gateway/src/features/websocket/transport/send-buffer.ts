import type { Socket } from 'socket.io';
import { internalsOf } from './socket-internals.js';

/**
 * Measures what waits to be read by one socket, in characters of packets and bytes of the transport. A slow reader's
 * packets pile up in Engine.IO's buffer, which is counted only as far as it has grown since the last look.
 */
export class SendBuffer {
  private counted: readonly unknown[] = [];
  private countedItems = 0;
  private countedSize = 0;

  constructor(private readonly socket: Socket) {}

  /** Size of everything accepted and not yet handed to the operating system. */
  get size(): number {
    const { writeBuffer, transport } = internalsOf(this.socket).conn;
    if (writeBuffer.length === 0) return transport.socket?.bufferedAmount ?? 0;
    // Engine.IO starts a new array with every flush.
    if (writeBuffer !== this.counted || writeBuffer.length < this.countedItems) {
      this.counted = writeBuffer;
      this.countedItems = this.countedSize = 0;
    }
    for (; this.countedItems < writeBuffer.length; this.countedItems += 1) {
      const data = writeBuffer[this.countedItems]?.data;
      this.countedSize += typeof data === 'string' ? data.length : 0;
    }
    return this.countedSize + (transport.socket?.bufferedAmount ?? 0);
  }
}
