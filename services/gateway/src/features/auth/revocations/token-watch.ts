import type { ChatError } from '@parlance/proto';
import { everyBeat } from '@parlance/runtime';
import { type TokenLife, tokenFault } from '../tokens/token-life.js';
import type { RevocationTable } from './revocation-table.js';

const everyMs = 1_000;

/**
 * Ends connections whose token was revoked as soon as this gateway learns it, and those whose token has run out up to a
 * second late: one timer looks through all of them.
 */
export class TokenWatch<Bearer extends TokenBearer> {
  private stopBeat: (() => void) | undefined;

  /** @param end tells a bearer why, and ends its connection. */
  constructor(
    private readonly bearers: TokenBearers<Bearer>,
    private readonly revocations: RevocationTable,
    private readonly end: (bearer: Bearer, fault: ChatError) => void,
    private readonly now: () => number,
  ) {
    revocations.onRevoked((userId) => this.check(bearers.socketsOf(userId)));
  }

  start(): void {
    this.stopBeat = everyBeat(everyMs, () => this.check(this.bearers.sockets()));
  }

  stop(): void {
    this.stopBeat?.();
  }

  private check(bearers: Iterable<Bearer>): void {
    const now = this.now();
    for (const bearer of bearers) {
      if (!bearer.canJoin || bearer.token === undefined) continue;
      const fault = tokenFault(bearer.token, this.revocations.revokedBefore(bearer.userId), now);
      if (fault !== undefined) this.end(bearer, fault);
    }
  }
}

/** All connections of this gateway, and those of a user. */
export interface TokenBearers<Bearer> {
  sockets(): Iterable<Bearer>;
  socketsOf(userId: string): Iterable<Bearer>;
}

/** A connection that lasts as long as its token. */
export interface TokenBearer {
  readonly userId: string;
  /** Undefined while it is not known. */
  readonly token: TokenLife | undefined;
  /** Its handshake is over, and it has not ended. */
  readonly canJoin: boolean;
}
