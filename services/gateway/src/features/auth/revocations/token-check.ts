import { ChatError } from '@parlance/proto';
import { JwtVerifier, type VerifiedToken } from '../tokens/jwt-verifier.js';
import { revokedToken } from '../tokens/token-refusal.js';
import { RevocationTable } from './revocation-table.js';

/** Decides whether a token lets its bearer in: it must be valid and not revoked. The same for sockets and HTTP. */
export class TokenCheck {
  constructor(
    private readonly verifier: JwtVerifier,
    private readonly revocations: RevocationTable,
  ) {}

  /**
   * Resolves with what the token says.
   *
   * @throws ChatError (rejects) as {@link JwtVerifier.verify}; UNAUTHENTICATED for a revoked token; STORE_UNAVAILABLE
   *   while it is not known which are revoked.
   */
  async verify(token: string): Promise<VerifiedToken> {
    const verified = await this.verifier.verify(token);
    if (!this.revocations.isLoaded) {
      throw new ChatError('STORE_UNAVAILABLE', { message: 'Revoked tokens are not known yet; retry.' });
    }
    const revokedBefore = this.revocations.revokedBefore(verified.userId);
    if (revokedBefore !== undefined && verified.issuedAt <= revokedBefore) throw revokedToken();
    return verified;
  }
}
