import type { AckFailure } from '@parlance/proto';

/** The Socket.IO namespace of all chat events. */
export const namespace = '/chat';

/**
 * One server event, encoded once for any number of sockets of the `/chat` namespace: as a Socket.IO packet and, for
 * WebSocket transports, as the finished WebSocket frame.
 */
export interface Frame {
  /** Socket.IO packet (https://socket.io/docs/v4/socket-io-protocol/): `2/chat,["name",payload]`. */
  readonly packet: string;
  /** Engine.IO's options for this packet; its type asks for a list of buffers. */
  readonly options: { readonly preEncoded: true; readonly wsPreEncodedFrame: readonly [Buffer] };
}

/** Encodes an event whose payload is JSON text already. The text is spliced in unread. */
export function eventFrame(event: string, payloadJson: string): Frame {
  return frameOf(`2${namespace},[${JSON.stringify(event)},${payloadJson}]`);
}

/** Tells a client of an error that belongs to no request of it. */
export function exceptionFrame(failure: AckFailure): Frame {
  return eventFrame('exception', JSON.stringify(failure));
}

/** Encodes the answer to the client event with this ack id. */
export function ackFrame(ackId: number, answerJson: string): Frame {
  return frameOf(`3${namespace},${ackId}[${answerJson}]`);
}

function frameOf(packet: string): Frame {
  return { packet, options: { preEncoded: true, wsPreEncodedFrame: [webSocketTextFrame(`4${packet}`)] } };
}

/** One unmasked, unfragmented text frame (RFC 6455, section 5.2). */
function webSocketTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
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
  frame.write(text, headerLength);
  return frame;
}
