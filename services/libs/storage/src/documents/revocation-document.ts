/** Tokens of a user that are refused, as it lies in `revocations`. */
export interface RevocationDocument {
  /** The user id. */
  readonly _id: string;
  readonly userId: string;
  /** Tokens issued before this time are refused. */
  readonly revokedBefore: Date;
}

/** How long a revocation is kept: no token may live longer than this. */
export const revocationTtlSeconds = 90 * 24 * 60 * 60;

/** One entry a user; gone when no token it could concern is valid any more. */
export const revocationIndexes = [
  { key: { userId: 1 }, name: 'user', unique: true },
  { key: { revokedBefore: 1 }, name: 'expiry', expireAfterSeconds: revocationTtlSeconds },
] as const;
