import { hmac } from 'k6/crypto';
import { b64encode } from 'k6/encoding';

/** Longer than any run, and shorter than revocations are kept. */
const lifeSeconds = 86_400;

/** A token as docs/mint-tokens.md describes it, signed with the gateway's secret (HS256). */
export function mintToken(secret: string, userId: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    sub: userId,
    iss: __ENV['JWT_ISSUER'] || 'parlance',
    aud: __ENV['JWT_AUDIENCE'] || 'parlance-chat',
    iat: now,
    exp: now + lifeSeconds,
  };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => b64encode(JSON.stringify(part), 'rawurl'))
    .join('.');
  return `${signed}.${hmac('sha256', secret, signed, 'base64rawurl')}`;
}
