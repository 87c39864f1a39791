import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';

const lifetimeSeconds = 24 * 60 * 60;

/** Makes tokens for development: valid for a day, for any user, signed with the gateway's own secret. */
export class DevTokenService {
  constructor(private readonly settings: DevTokenSettings) {}

  /** Resolves with a token for `userId` that expires in 24 hours, and with when it was made, Unix milliseconds. */
  async issue(userId: string): Promise<{ readonly data: DevToken; readonly now: number }> {
    const { secret, issuer, audience, userClaim } = this.settings;
    const now = this.settings.now();
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
    return { data: { token, expiresAt: expiresAt * 1000 }, now };
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
  /** Unix milliseconds. */
  readonly now: () => number;
}
