import type { AckFailure } from '@parlance/proto';

/** The Socket.IO namespace of all chat events. */
export const namespace = '/chat';

/**
 * One server event or answer, encoded once for any number of sockets of the `/chat` namespace: as the finished WebSocket
 * frame, and for what Engine.IO has to queue as a Socket.IO packet.
 */
export class Frame {
  constructor(
    /** One unmasked, unfragmented text frame (RFC 6455, section 5.2) of one Engine.IO packet of type message. */
    readonly bytes: Buffer,
    private readonly headerBytes: number,
  ) {}

  /** Socket.IO packet (https://socket.io/docs/v4/socket-io-protocol/): `2/chat,["name",payload]`. Read from the bytes. */
  get packet(): string {
    return this.bytes.toString('utf8', this.headerBytes + 1);
  }

  /** Engine.IO's options for this packet; its type asks for a list of buffers. */
  get options(): FrameOptions {
    return { preEncoded: true, wsPreEncodedFrame: [this.bytes] };
  }
}

/** What Engine.IO is told of a packet that is encoded already. */
export interface FrameOptions {
  readonly preEncoded: true;
  readonly wsPreEncodedFrame: readonly [Buffer];
}

/** Encodes an event whose payload is JSON already: text, or its UTF-8. It is spliced in unread. */
export function eventFrame(event: string, payloadJson: string | Uint8Array): Frame {
  const head = `42${namespace},[${JSON.stringify(event)},`;
  if (typeof payloadJson === 'string') return frameOf(`${head}${payloadJson}]`);
  const headBytes = Buffer.byteLength(head);
  const { frame, at } = emptyFrame(headBytes + payloadJson.length + 1);
  frame.write(head, at);
  frame.set(payloadJson, at + headBytes);
  frame[frame.length - 1] = 0x5d; // ]
  return new Frame(frame, at);
}

/** Tells a client of an error that belongs to no request of it. */
export function exceptionFrame(failure: AckFailure): Frame {
  return eventFrame('exception', JSON.stringify(failure));
}

/** Encodes the answer to the client event with this ack id. */
export function ackFrame(ackId: number, answerJson: string): Frame {
  return frameOf(`43${namespace},${ackId}[${answerJson}]`);
}

function frameOf(text: string): Frame {
  const { frame, at } = emptyFrame(Buffer.byteLength(text));
  frame.write(text, at);
  return new Frame(frame, at);
}

/** A frame for a text of so many bytes, which begins `at` a place. */
function emptyFrame(length: number): { readonly frame: Buffer; readonly at: number } {
  const at = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(at + length);
  frame[0] = 0x81; // FIN, text
  if (length < 126) {
    frame[1] = length;
  } else if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return { frame, at };
}
