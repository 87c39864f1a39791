import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';

const lifetimeSeconds = 24 * 60 * 60;

/** Makes tokens for development: valid for a day, for any user, signed with the gateway's own secret. */
export class DevTokenService {
  /** @param settings undefined where tokens are not given away. */
  constructor(private readonly settings: DevTokenSettings | undefined) {}

  /** False where no token is ever made. */
  get isEnabled(): boolean {
    return this.settings !== undefined;
  }

  /**
   * Resolves with a token for `userId` that expires 24 hours after `now`, Unix milliseconds.
   *
   * @throws Error (rejects) when not enabled.
   */
  async issue(userId: string, now: number): Promise<DevToken> {
    if (this.settings === undefined) throw new Error('development tokens are not enabled');
    const { secret, issuer, audience, userClaim } = this.settings;
    const issuedAt = Math.floor(now / 1000);
    const expiresAt = issuedAt + lifetimeSeconds;
    const token = await new SignJWT({ [userClaim]: userId })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(createSecretKey(Buffer.from(secret, 'utf8')));
    return { token, expiresAt: expiresAt * 1000 };
  }
}

/** A token and its end, Unix milliseconds. */
export interface DevToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** What tokens are made of. */
export interface DevTokenSettings {
  readonly secret: string;
  readonly issuer: string;
  readonly audience: string;
  /** The claim that names the user, beside `sub`. */
  readonly userClaim: string;
}
