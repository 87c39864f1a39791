const encoder = new TextEncoder();

/** `42/chat,` and the number of the ack, which has at most 16 digits. */
const framing = '42/chat,'.length + 16;

/**
 * UTF-8 bytes of a client event as it goes over the line: JSON with its escapes, in which a control character of one byte
 * takes six, and what Socket.IO puts around it.
 */
export function eventSize(name: string, payload: unknown): number {
  return framing + byteLength(JSON.stringify([name, payload]));
}

/** UTF-8 bytes of a text. Half a character counts as the three bytes that take its place. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}
