import { hash } from 'node:crypto';
import type { MessageBody } from '../log/pending-send.js';

/** Bytes that SHA-256 takes at a time. */
const blockBytes = 64;

const digestBytes = 32;

/**
 * Keyed hash of a message body, base64url, 22 characters (128 bits of HMAC-SHA-256). Two attempts with one client id
 * are the same message if and only if it is equal (R5: a client id makes a retry safe). Keyed, so that a stored hash
 * does not give away a short text.
 */
export type BodyHash = (body: MessageBody) => string;

/**
 * Makes the hash under a key, by the two hashes of which an HMAC consists
 * ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)): an `Hmac` object is a stream, whose making costs more than both.
 */
export function bodyHashUnder(key: string): BodyHash {
  const bytes = Buffer.from(key);
  const block = Buffer.alloc(blockBytes);
  block.set(bytes.length > blockBytes ? hash('sha256', bytes, 'buffer') : bytes);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c), Buffer.alloc(digestBytes)]);
  return ({ messageType, content, metadataJson }) => {
    const text = Buffer.from(JSON.stringify([messageType, content, metadataJson]));
    outer.set(hash('sha256', Buffer.concat([inner, text]), 'buffer'), blockBytes);
    return hash('sha256', outer, 'base64url').slice(0, 22);
  };
}
