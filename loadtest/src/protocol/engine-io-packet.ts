const typeCodes = { open: '0', close: '1', ping: '2', pong: '3', message: '4', noop: '6' } as const;

/** One packet of Engine.IO 4 as a WebSocket text frame carries it. No binary. */
export type EngineIoPacket =
  /** The server's first word; `data` is its handshake as JSON. */
  | { readonly type: 'open'; readonly data: string }
  | { readonly type: 'close' }
  /** The server asks for life; `data` is sent back in the pong. */
  | { readonly type: 'ping'; readonly data: string }
  | { readonly type: 'pong'; readonly data: string }
  | { readonly type: 'message'; readonly data: string }
  | { readonly type: 'noop' };

/** A packet as the text of one frame (https://github.com/socketio/engine.io-protocol). */
export function encodeEngineIo(packet: EngineIoPacket): string {
  return typeCodes[packet.type] + ('data' in packet ? packet.data : '');
}

/** The packet in the text of one frame. Throws on a type that the server does not send over WebSocket. */
export function decodeEngineIo(frame: string): EngineIoPacket {
  const data = frame.slice(1);
  switch (frame.charAt(0)) {
    case typeCodes.open:
      return { type: 'open', data };
    case typeCodes.close:
      return { type: 'close' };
    case typeCodes.ping:
      return { type: 'ping', data };
    case typeCodes.pong:
      return { type: 'pong', data };
    case typeCodes.message:
      return { type: 'message', data };
    case typeCodes.noop:
      return { type: 'noop' };
    default:
      throw new Error(`not an Engine.IO packet: ${JSON.stringify(frame.slice(0, 40))}`);
  }
}
