import { createSecretKey } from 'node:crypto';
import { ChatError, isId, type UserId } from '@parlance/proto';
import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import type { TokenLife } from './token-life.js';

/**
 * Checks access tokens: signature by one fixed list of algorithms (HS256 for a secret; RS256, ES256 or EdDSA for
 * published keys), issuer, audience, `exp`, and a `sub` that has the form of a user id. The token's own `alg` never
 * widens the list.
 */
export class JwtVerifier {
  /** Tried in turn: while secrets change there are several. */
  private readonly keys: readonly JWTVerifyGetKey[];
  private readonly options: JWTVerifyOptions;

  constructor(settings: JwtSettings) {
    const { keys, issuer, audience, clockToleranceSeconds = 5 } = settings;
    const algorithms = keys.kind === 'secrets' ? ['HS256'] : ['RS256', 'ES256', 'EdDSA'];
    this.keys = keys.kind === 'secrets' ? keys.secrets.map(secretKey) : [publishedKeys(keys.url)];
    this.options = {
      issuer,
      audience,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'sub'],
    };
  }

  /**
   * Resolves with the user a token speaks for.
   *
   * @throws ChatError TOKEN_EXPIRED; UNAUTHENTICATED for anything else wrong with the token, without saying what;
   *   STORE_UNAVAILABLE when the published keys cannot be fetched, which is not the token's fault.
   */
  async verify(token: string, now = new Date()): Promise<VerifiedToken> {
    try {
      const payload = await this.payloadOf(token, now);
      if (!isId(payload.sub) || payload.exp === undefined) throw new ChatError('UNAUTHENTICATED');
      const { sub, exp, iat = 0, scope } = payload;
      const scopes = typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : [];
      return { userId: sub as UserId, issuedAt: iat * 1000, expiresAt: exp * 1000, scopes };
    } catch (thrown) {
      throw toAuthError(thrown);
    }
  }

  private async payloadOf(token: string, now: Date): Promise<JWTPayload> {
    for (const [index, key] of this.keys.entries()) {
      try {
        return (await jwtVerify(token, key, { ...this.options, currentDate: now })).payload;
      } catch (thrown) {
        // Only a signature can be right by another key.
        if (index === this.keys.length - 1 || !(thrown instanceof errors.JWSSignatureVerificationFailed)) throw thrown;
      }
    }
    throw new ChatError('UNAUTHENTICATED');
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
    | { readonly kind: 'jwks'; readonly url: string };
  readonly issuer: string;
  readonly audience: string;
  /** How far clocks may differ. Default 5. */
  readonly clockToleranceSeconds?: number;
}

const jwksTiming = { timeoutDuration: 3_000, cooldownDuration: 10_000, cacheMaxAge: 600_000 };

function secretKey(secret: string): JWTVerifyGetKey {
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  return () => key;
}

/** Tells a token without a published key from keys that cannot be had. */
function publishedKeys(url: string): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(url), jwksTiming);
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (thrown) {
      const aboutToken =
        thrown instanceof errors.JWKSNoMatchingKey ||
        thrown instanceof errors.JWKSMultipleMatchingKeys ||
        thrown instanceof errors.JOSENotSupported;
      if (aboutToken) throw thrown;
      throw new ChatError('STORE_UNAVAILABLE', {
        message: 'The signing keys cannot be fetched; retry.',
        cause: thrown,
      });
    }
  };
}

function toAuthError(thrown: unknown): ChatError {
  if (thrown instanceof ChatError) return thrown;
  if (thrown instanceof errors.JWTExpired) return new ChatError('TOKEN_EXPIRED');
  return new ChatError('UNAUTHENTICATED', { cause: thrown });
}
