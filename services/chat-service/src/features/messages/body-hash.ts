import { createHmac } from 'node:crypto';
import type { MessageBody } from '../log/pending-send.js';

/**
 * Keyed hash of a message body, base64url, 22 characters (128 bits of HMAC-SHA-256). Two attempts with one client id
 * are the same message if and only if it is equal (R5: a client id makes a retry safe). Keyed, so that a stored hash
 * does not give away a short text.
 */
export function bodyHash(body: MessageBody, key: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([body.messageType, body.content, body.metadataJson]))
    .digest('base64url')
    .slice(0, 22);
}
