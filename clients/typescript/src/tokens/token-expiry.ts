/**
 * When a JWT expires, Unix milliseconds; undefined for a token without `exp` and for anything that is not a JWT. Nothing
 * is verified: the answer only says when to ask for the next token (RFC 7519, 4.1.4).
 */
export function tokenExpiry(token: string): number | undefined {
  const [, body = ''] = token.split('.');
  try {
    const { exp } = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: unknown };
    if (Number.isFinite(exp)) return Number(exp) * 1000;
  } catch {
    // No JWT.
  }
  return undefined;
}
