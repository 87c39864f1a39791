const userKey = 'parlance.user';
const tokenKey = 'parlance.token';

/** Who somebody is in this window: a user that the gateway gives demo tokens for, or whoever a token names. */
export type Identity = { readonly userId: string } | { readonly token: string };

/**
 * Who is signed in in this window. `#user=alice` or `#token=...` in the address signs in and is taken out of it; otherwise it is
 * whoever signed in here before. Kept in the session storage, so that two windows can be two users and a reload changes nothing.
 */
export function currentIdentity(): Identity | undefined {
  const address = new URLSearchParams(location.hash.slice(1));
  const named = identityOf(address.get('user'), address.get('token'));
  if (named) {
    history.replaceState(null, '', location.pathname + location.search);
    rememberIdentity(named);
  }
  return identityOf(sessionStorage.getItem(userKey), sessionStorage.getItem(tokenKey));
}

/** Signs somebody in in this window, or with undefined nobody. */
export function rememberIdentity(identity: Identity | undefined): void {
  sessionStorage.removeItem(userKey);
  sessionStorage.removeItem(tokenKey);
  if (identity === undefined) return;
  if ('token' in identity) sessionStorage.setItem(tokenKey, identity.token);
  else sessionStorage.setItem(userKey, identity.userId);
}

function identityOf(userId: string | null, token: string | null): Identity | undefined {
  if (token) return { token };
  return userId ? { userId } : undefined;
}
