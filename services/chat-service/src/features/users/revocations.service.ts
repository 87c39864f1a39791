import type { wire } from '@parlance/proto';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { CallContext } from '../../requests/call-context.js';
import { checkUserId } from '../../requests/check-ids.js';
import type { MongoRevocationStore } from './mongo-revocation-store.js';

/** Ends the validity of a user's tokens. That the caller may do so is for the gateway to check: it knows the token's scope. */
export class RevocationsService {
  constructor(
    private readonly store: MongoRevocationStore,
    private readonly publisher: EventPublisher,
    private readonly now: () => number,
  ) {}

  /**
   * Refuses every token of the user that was issued before now.
   * @throws INVALID_MESSAGE, STORE_UNAVAILABLE.
   */
  async revokeUser(_context: CallContext, request: wire.RevokeUserRequest): Promise<wire.RevokeUserResponse> {
    const userId = checkUserId(request.userId);
    const revokedBefore = this.now();
    await this.store.revoke(userId, revokedBefore);
    this.publisher.revoked(userId, revokedBefore);
    return { revokedBefore };
  }

  /**
   * Every revocation in force, or with `withinMs` those made lately.
   * @throws STORE_UNAVAILABLE.
   */
  async listRevocations(
    _context: CallContext,
    { withinMs }: wire.ListRevocationsRequest,
  ): Promise<wire.ListRevocationsResponse> {
    return { revocations: await this.store.since(withinMs > 0 ? this.now() - withinMs : undefined) };
  }
}
