import { isId, limits } from '@parlance/proto';
import type { PayloadOf } from '@parlance/proto/operations';

/** UTF-8 of a character has three bytes at most: a pair of surrogates, two characters, has four. */
const mostCharacters = limits.contentBytes / 3;

/**
 * A send that is plainly valid, as its schema gives it: what nearly all sends are, at a tenth of the time. Undefined for every
 * other: whether those are valid, and what is said when they are not, is up to the schema.
 */
export function plainSend(payload: unknown): PayloadOf<'sendMessage'> | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  const { roomId, content, clientMessageId } = payload as Record<string, unknown>;
  for (const key in payload) if (key !== 'roomId' && key !== 'content' && key !== 'clientMessageId') return undefined;
  if (!isId(roomId) || typeof content !== 'string' || content === '' || content.length > mostCharacters)
    return undefined;
  if (!content.isWellFormed()) return undefined;
  const send = { roomId, content, messageType: 'text' } as PayloadOf<'sendMessage'>;
  if (clientMessageId === undefined) return 'clientMessageId' in payload ? undefined : send;
  return isId(clientMessageId) ? { ...send, clientMessageId } : undefined;
}
