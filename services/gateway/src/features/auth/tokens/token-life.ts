import { ChatError } from '@parlance/proto';
import { revokedToken } from './token-refusal.js';

/**
 * Says why a token is no longer good at `now`, Unix milliseconds, or undefined while it is. `revokedBefore` is the
 * revocation of its user, if there is one: it ends every token issued at that time or earlier. Pure.
 */
export function tokenFault(
  { issuedAt, expiresAt }: TokenLife,
  revokedBefore: number | undefined,
  now: number,
): ChatError | undefined {
  if (issuedAt <= (revokedBefore ?? Number.NEGATIVE_INFINITY)) return revokedToken();
  return expiresAt <= now ? new ChatError('TOKEN_EXPIRED') : undefined;
}

/** From when until when a token holds, Unix milliseconds. */
export interface TokenLife {
  /** 0 for a token that does not say. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}
