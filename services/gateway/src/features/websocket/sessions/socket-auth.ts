import { Inject, Injectable } from '@nestjs/common';
import { ChatError, toChatError } from '@parlance/proto';
import { newTraceparent } from '@parlance/runtime';
import type { Socket } from 'socket.io';
import type { Answer } from '../../../answers/answer.js';
import { type JournalEntry, RequestJournal } from '../../../answers/request-journal.js';
import { TokenCheck } from '../../auth/revocations/token-check.js';
import { bearerToken } from '../../auth/tokens/bearer-token.js';
import type { Caller } from '../../auth/tokens/caller.js';
import { ChatSessionService } from './chat-session.service.js';
import { refuseHandshake } from './handshake-policy.js';
import { HANDSHAKE_RULES, type HandshakeRules } from './handshake-rules.js';

const noToken =
  'There is no token: give it as auth.token of the handshake, or in the header "authorization: Bearer TOKEN".';

/**
 * The handshake of the chat namespace: origin, protocol version, token, then the user's rooms. A refused one ends with
 * `connect_error`, whose `data` is the `error` of an ack: `{code, message, retryable, outcome}`.
 *
 * A wrong Origin is refused here and not at the HTTP upgrade, where a browser could not tell it from a lost network.
 */
@Injectable()
export class SocketAuth {
  /** Connections whose handshake has begun. */
  private readonly begun = new WeakSet<object>();

  constructor(
    private readonly tokens: TokenCheck,
    private readonly sessions: ChatSessionService,
    private readonly journal: RequestJournal,
    @Inject(HANDSHAKE_RULES) private readonly rules: HandshakeRules,
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
    const entry: JournalEntry = {
      event: 'connect',
      userId: undefined,
      traceId: newTraceparent(),
      startedAt: performance.now(),
    };
    try {
      await this.handshake(socket);
      this.journal.succeeded(entry);
      return undefined;
    } catch (thrown) {
      const error = toChatError(thrown);
      this.journal.failed(entry, error);
      return toConnectError(error);
    }
  }

  private async handshake(socket: Socket): Promise<void> {
    // Socket.IO closes the connection when the time is over; the answer should come before.
    const deadline = Date.now() + this.rules.authTimeoutMs * 0.9;
    const refusal = refuseHandshake(this.factsOf(socket), this.rules.allowedOrigins);
    if (refusal) throw refusal;
    this.begun.add(socket.client);
    await this.rules.take(socket.handshake.address, forwardedForOf(socket));
    await this.sessions.prepare(await this.tokens.verify(tokenOf(socket)), socket, { deadline, most: this.rules.most });
  }

  private factsOf({ handshake, client }: Socket) {
    return {
      isDraining: this.rules.isDraining(),
      origin: handshake.headers.origin,
      protocolVersion: handshake.auth['protocolVersion'] as unknown,
      hasBegunBefore: this.begun.has(client),
    };
  }
}

function forwardedForOf({ handshake }: Socket): string | undefined {
  return [handshake.headers['x-forwarded-for'] ?? []].flat().join(',');
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

function toConnectError({ reason, message, outcome, row, retryAfterMs }: ChatError): Error {
  const data = {
    code: reason,
    message,
    retryable: row.retryable,
    outcome,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
  return Object.assign(new Error(message), { data });
}
