import { ChatError } from '@parlance/proto';

const noToken = 'There is no token: send it in the header "authorization: Bearer TOKEN".';

/**
 * The token of an `Authorization: Bearer <token>` header.
 *
 * @throws ChatError UNAUTHENTICATED when there is no such header, or one of another form, saying which.
 */
export function bearerToken(header: string | undefined): string {
  const token = /^Bearer +([^\s]+)$/i.exec(header ?? '')?.[1];
  if (token !== undefined) return token;
  const message = header ? 'The header authorization has another form than "Bearer TOKEN".' : noToken;
  throw new ChatError('UNAUTHENTICATED', { message });
}
