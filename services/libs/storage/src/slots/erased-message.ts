import { createHmac } from 'node:crypto';
import type { MessageDocument } from '../documents/message-document.js';

/** Whose message, under which name of theirs, in which room. */
export type ClientName = Pick<MessageDocument, 'roomId' | 'senderId' | 'clientMessageId'>;

/**
 * What stands in place of an erased message's `clientMessageId`: a keyed hash, so that a retry of it is still known
 * (R5: a client id makes a retry safe) and the name itself is gone. `#` begins no id that a client may choose.
 *
 * @param key `BODY_HASH_KEY` of the chat service.
 */
export function erasedClientId({ roomId, senderId, clientMessageId }: ClientName, key: string): string {
  if (isErasedClientId(clientMessageId)) return clientMessageId;
  const hash = createHmac('sha256', key).update(JSON.stringify(['erased', roomId, senderId, clientMessageId]));
  return `#${hash.digest('base64url').slice(0, 22)}`;
}

/** Whether a stored `clientMessageId` is one of {@link erasedClientId}. */
export function isErasedClientId(clientMessageId: string): boolean {
  return clientMessageId.startsWith('#');
}

/**
 * What becomes of an erased message: its place, time and sender stay, so nothing becomes a hole; what was said, the hash of
 * it and its name do not. The name is kept as a hash as long as a retry may come, and as nothing after that.
 */
export function tombstoneUpdate(at: Date, clientMessageId?: string) {
  return {
    $set: { content: '', bodyHash: '', messageType: 'text', erasedAt: at, ...(clientMessageId && { clientMessageId }) },
    $unset: { metadata: '', ...(clientMessageId ? {} : { clientMessageId: '' }) },
  } as const;
}

/** The document of a message as {@link tombstoneUpdate} leaves it. Pure. */
export function tombstoneOf(message: MessageDocument, at: Date, clientMessageId?: string): MessageDocument {
  const { metadata: _metadata, clientMessageId: _name, ...kept } = message;
  const { $set } = tombstoneUpdate(at, clientMessageId);
  // The type says that a message has a name; one that was emptied by age has none.
  return { ...kept, ...$set } as MessageDocument;
}
