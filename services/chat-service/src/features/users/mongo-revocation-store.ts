import type { UserId } from '@parlance/proto';
import { type ChatDatabase, durable, majority } from '@parlance/storage';
import { mapMongoErrors } from '../../errors/mongo-errors.js';

/** Tokens of this user that were issued before this time (Unix milliseconds) are refused. */
export interface StoredRevocation {
  readonly userId: string;
  readonly revokedBefore: number;
}

/** Revocations in MongoDB: in Redis a flush would bring revoked tokens back to life. */
export class MongoRevocationStore {
  constructor(private readonly database: ChatDatabase) {}

  /** Refuses all tokens of a user issued before a time; never takes an earlier revocation back. */
  async revoke(userId: UserId, before: number): Promise<void> {
    await mapMongoErrors(
      () =>
        this.database.revocations.updateOne(
          { _id: userId, userId },
          { $max: { revokedBefore: new Date(before) } },
          { ...durable(), upsert: true },
        ),
      'unknown',
    );
  }

  /** Every revocation still kept, or those from a time (Unix milliseconds) on, which the index `expiry` finds. */
  async since(from?: number): Promise<StoredRevocation[]> {
    const filter = from === undefined ? {} : { revokedBefore: { $gte: new Date(from) } };
    return mapMongoErrors(async () => {
      const found = await this.database.revocations.find(filter, majority()).toArray();
      return found.map(({ userId, revokedBefore }) => ({ userId, revokedBefore: revokedBefore.getTime() }));
    });
  }
}
