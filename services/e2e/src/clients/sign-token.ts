import { createHmac } from 'node:crypto';
import { testSecrets } from '../deployment/test-secrets.js';

/** What a test may get wrong about a token. Times are seconds from now. */
export interface TokenOptions {
  readonly secret?: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresIn?: number;
  /** Space-separated; `admin` may administer. */
  readonly scope?: string;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A token for a user, HS256, valid for an hour unless told otherwise. */
export function signToken(subject: unknown, options: TokenOptions = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const header = { alg: 'HS256', typ: 'JWT', ...options.header };
  const claims = {
    sub: subject,
    iss: options.issuer ?? 'parlance',
    aud: options.audience ?? 'parlance-chat',
    iat: now,
    exp: now + (options.expiresIn ?? 3_600),
    ...(options.scope === undefined ? {} : { scope: options.scope }),
  };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  if (header.alg === 'none') return `${signed}.`;
  return `${signed}.${createHmac('sha256', options.secret ?? testSecrets.jwtSecret)
    .update(signed)
    .digest('base64url')}`;
}
