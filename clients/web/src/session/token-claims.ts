/** What a token says of itself; whether it is true is for the gateway to tell. */
export interface TokenClaims {
  readonly userId: string;
  /** Words of the claim `scope`. */
  readonly scopes: readonly string[];
}

/** Reads a JWT without checking it. Throws Error, for people, for a text that is none. Pure. */
export function tokenClaims(token: string): TokenClaims {
  const claims = payloadOf(token);
  const { sub, scope } = (claims ?? {}) as { readonly sub?: unknown; readonly scope?: unknown };
  if (typeof sub !== 'string' || sub === '') throw new Error('This is no token of a user: it has no claim "sub".');
  const scopes = typeof scope === 'string' ? scope.split(' ').filter((word) => word !== '') : [];
  return { userId: sub, scopes };
}

function payloadOf(token: string): unknown {
  const [, payload = ''] = token.split('.');
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Error('This is no token: three parts with dots between them were expected.');
  }
}
