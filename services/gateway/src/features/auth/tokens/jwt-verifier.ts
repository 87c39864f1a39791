import { createSecretKey } from 'node:crypto';
import { ChatError, isId, isUserId, type UserId } from '@parlance/proto';
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { PublishedKeys } from './published-keys.js';
import type { TokenLife } from './token-life.js';
import { type ExpectedToken, tokenRefusal } from './token-refusal.js';

/**
 * Checks access tokens: signature by one fixed list of algorithms (HS256 for a secret; RS256, ES256 or EdDSA for
 * published keys), issuer, audience, `exp`, and a claim that names the user in the form of an id. The token's own `alg`
 * never widens the list.
 */
export class JwtVerifier {
  /** Tried in turn: while secrets change there are several. */
  private readonly keys: readonly JWTVerifyGetKey[];
  private readonly options: JWTVerifyOptions & ExpectedToken;
  private readonly userClaim: string;
  private readonly now: () => number;

  constructor(settings: JwtSettings) {
    const { keys, userClaim = 'sub', issuer, audience, clockToleranceSeconds = 5 } = settings;
    const algorithms = keys.kind === 'secrets' ? ['HS256'] : ['RS256', 'ES256', 'EdDSA'];
    this.keys = keys.kind === 'secrets' ? keys.secrets.map(secretKey) : [keys.keys.keyOf];
    this.userClaim = userClaim;
    this.now = settings.now;
    this.options = {
      issuer,
      audience,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp'],
    };
  }

  /**
   * Resolves with the user a token speaks for.
   *
   * @throws ChatError TOKEN_EXPIRED; UNAUTHENTICATED for anything else wrong with the token, saying what;
   *   STORE_UNAVAILABLE when the published keys cannot be fetched, which is not the token's fault.
   */
  async verify(token: string): Promise<VerifiedToken> {
    try {
      const payload = await this.payloadOf(token);
      const userId = this.userOf(payload);
      const { exp = 0, iat = 0, scope } = payload;
      const scopes = typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : [];
      return { userId, issuedAt: iat * 1000, expiresAt: exp * 1000, scopes };
    } catch (thrown) {
      throw tokenRefusal(thrown, this.options);
    }
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    for (const [index, key] of this.keys.entries()) {
      try {
        return (await jwtVerify(token, key, { ...this.options, currentDate: new Date(this.now()) })).payload;
      } catch (thrown) {
        // Only a signature can be right by another key.
        if (index === this.keys.length - 1 || !(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
      }
    }
    throw new ChatError('UNAUTHENTICATED');
  }

  /** Says what is wrong, since signature, issuer and audience are right: whoever made the token has to change something. */
  private userOf(payload: JWTPayload): UserId {
    const { userClaim } = this;
    const user = Object.hasOwn(payload, userClaim) ? payload[userClaim] : undefined;
    if (isUserId(user)) return user;
    if (isId(user)) {
      const message = `The token's claim ${userClaim} is reserved: no user has an id that begins with system or parlance.`;
      throw new ChatError('UNAUTHENTICATED', { message });
    }
    const fault = user === undefined ? 'is missing' : typeof user === 'string' ? 'has another form' : 'is not text';
    throw new ChatError('UNAUTHENTICATED', {
      message: `The token's claim ${userClaim} ${fault}: a user id is 1 to 128 letters, digits or any of _ . : - (JWT_USER_CLAIM chooses the claim).`,
    });
  }
}

/** What a token says. */
export interface VerifiedToken extends TokenLife {
  readonly userId: UserId;
  /** What it is good for beyond the chat, from the claim `scope`. */
  readonly scopes: readonly string[];
}

/** Where keys come from and what a token must claim. */
export interface JwtSettings {
  readonly keys:
    | { readonly kind: 'secrets'; readonly secrets: readonly string[] }
    | { readonly kind: 'jwks'; readonly keys: PublishedKeys };
  readonly issuer: string;
  readonly audience: string;
  /** The claim that names the user. Default `sub`. */
  readonly userClaim?: string;
  /** How far clocks may differ. Default 5. */
  readonly clockToleranceSeconds?: number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

function secretKey(secret: string): JWTVerifyGetKey {
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  return () => key;
}
