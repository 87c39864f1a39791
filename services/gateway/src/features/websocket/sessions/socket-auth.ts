import { ChatError, toChatError } from '@parlance/proto';
import type { Socket } from 'socket.io';
import type { Answer } from '../../../answers/answer.js';
import type { RequestJournal } from '../../../answers/request-journal.js';
import type { TokenCheck } from '../../auth/revocations/token-check.js';
import { bearerToken } from '../../auth/tokens/bearer-token.js';
import type { Caller } from '../../auth/tokens/caller.js';
import type { ChatSessionService } from './chat-session.service.js';
import type { HandshakeGate } from './handshake-gate.js';

const noToken =
  'There is no token: give it as auth.token of the handshake, or in the header "authorization: Bearer TOKEN".';

/**
 * The handshake of the chat namespace: origin, protocol version, token, then the user's rooms. A refused one ends with
 * `connect_error`, whose `data` is the `error` of an ack: `{code, message, retryable, outcome}`.
 *
 * A wrong Origin is refused here and not at the HTTP upgrade, where a browser could not tell it from a lost network.
 */
export class SocketAuth {
  constructor(
    private readonly gate: HandshakeGate,
    private readonly tokens: TokenCheck,
    private readonly sessions: ChatSessionService,
    private readonly journal: RequestJournal,
  ) {}

  /** Socket.IO middleware. */
  readonly middleware = (socket: Socket, next: (error?: Error) => void): void => {
    void (async () => next(await this.answer(socket)))();
  };

  /**
   * Takes a new token for the caller, so that the connection outlives the old one.
   *
   * @throws ChatError (rejects) UNAUTHENTICATED for a token of somebody else, TOKEN_EXPIRED, and as `verify`.
   */
  async refresh({ userId, session }: Caller, token: string): Promise<Answer<{ readonly expiresAt: string }>> {
    const verified = await this.tokens.verify(token);
    if (verified.userId !== userId)
      throw new ChatError('UNAUTHENTICATED', { message: 'The token is of another user than the connection.' });
    session?.renew(verified);
    return { data: { expiresAt: new Date(verified.expiresAt).toISOString() } };
  }

  /** Resolves with nothing for a handshake that succeeded, with the error for the client otherwise. Never rejects. */
  private async answer(socket: Socket): Promise<Error | undefined> {
    const entry = this.journal.begin('connect');
    try {
      await this.handshake(socket);
      this.journal.succeeded(entry, { data: undefined });
      return undefined;
    } catch (thrown) {
      const error = toChatError(thrown);
      return Object.assign(new Error(error.message), { data: this.journal.failed(entry, error).error });
    }
  }

  private async handshake(socket: Socket): Promise<void> {
    const deadlineAt = await this.gate.pass(socket);
    await this.sessions.prepare(await this.tokens.verify(tokenOf(socket)), socket, deadlineAt);
  }
}

/** @throws ChatError UNAUTHENTICATED when the handshake shows no token. */
function tokenOf({ handshake }: Socket): string {
  const token: unknown = handshake.auth['token'];
  if (typeof token === 'string') return token;
  if (handshake.headers.authorization !== undefined) return bearerToken(handshake.headers.authorization);
  throw new ChatError('UNAUTHENTICATED', {
    message: (token ?? undefined) === undefined ? noToken : 'auth.token is not text.',
  });
}
