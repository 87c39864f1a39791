import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ChatError } from '@parlance/proto';
import type { ChatRequest } from '../auth/guards/chat-request.js';

const asJson = 'Send it as JSON in UTF-8 with the header "content-type: application/json".';

/**
 * Middleware that refuses what would be left unread: a query of a change, a body of a request that takes none, a body that
 * is not JSON. Whoever sends one means something by it.
 */
export function exactRequest(request: ChatRequest, _response: ServerResponse, next: (error?: Error) => void): void {
  const fault = faultOf(request);
  next(fault === undefined ? undefined : new ChatError('INVALID_MESSAGE', { message: fault }));
}

/**
 * The body parser's last look at the bytes before it reads them as text.
 *
 * @throws ChatError INVALID_MESSAGE: other encodings than UTF-8 (RFC 8259, section 8.1), and bytes that are not UTF-8,
 *   which it would replace without a word.
 */
export function requireUtf8(_request: IncomingMessage, _response: ServerResponse, body: Buffer, charset: string): void {
  if (charset.toLowerCase() !== 'utf-8')
    throw new ChatError('INVALID_MESSAGE', { message: `The body is in another charset than UTF-8. ${asJson}` });
  if (!isUtf8(body)) throw new ChatError('INVALID_MESSAGE', { message: 'The body is not UTF-8.' });
}

function faultOf({ method = '', url = '', headers }: ChatRequest): string | undefined {
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  const takesBody = method === 'POST' || method === 'PATCH';
  if (method !== 'GET' && method !== 'HEAD' && /\?./.test(url)) return `A ${method} takes no query.`;
  if (hasBody && !takesBody) return `A ${method} takes no body.`;
  return hasBody ? typeFault(headers['content-type']) : undefined;
}

function typeFault(type: string | undefined): string | undefined {
  if (type === undefined) return `The content-type of the body is missing. ${asJson}`;
  const [name = '', ...parameters] = type.split(';').map((part) => part.trim());
  if (name.toLowerCase() !== 'application/json') {
    const given = /^[\w.+-]{1,40}\/[\w.+-]{1,80}$/.test(name) ? `is ${name}` : 'has another form';
    return `The content-type of the body ${given}. ${asJson}`;
  }
  const isUtf8Alone = parameters.length === 0 || /^charset\s*=\s*"?utf-8"?$/i.test(parameters.join(';'));
  return isUtf8Alone ? undefined : `The content-type of the body names more than UTF-8. ${asJson}`;
}
