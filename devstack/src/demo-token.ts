import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { DEMO_SECRETS } from './demo-secrets.js';

/** What the tokens of the stack on a developer's machine say about themselves. */
export const DEMO_ISSUER = { issuer: 'parlance', audience: 'parlance-chat' } as const;

/**
 * A token that the gateways of `make up` accept, as an identity provider would mint it: HS256, with `sub`, `iss`, `aud`, `iat` and `exp`.
 * Throws TypeError for a `ttl` that is no time.
 */
export function demoToken({ user, scope, ttl }: DemoTokenOptions): Promise<string> {
  return new SignJWT(scope === undefined ? {} : { scope })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(user)
    .setIssuer(DEMO_ISSUER.issuer)
    .setAudience(DEMO_ISSUER.audience)
    .setIssuedAt()
    .setExpirationTime(ttl)
    .sign(createSecretKey(Buffer.from(DEMO_SECRETS.jwtSecret, 'utf8')));
}

/** See {@link demoToken}. */
export interface DemoTokenOptions {
  readonly user: string;
  /** Several with spaces between them. */
  readonly scope?: string | undefined;
  /** From now, as `1h`, `15 minutes`, `7d`. */
  readonly ttl: string;
}
