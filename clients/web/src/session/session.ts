const storageKey = 'parlance.user';

/**
 * Who is signed in in this window. `#user=alice` in the address signs in and is taken out of it; otherwise it is whoever
 * signed in here before. Kept in the session storage, so that two windows can be two users and a reload changes nothing.
 */
export function currentUser(): string | undefined {
  const named = new URLSearchParams(location.hash.slice(1)).get('user');
  if (named) {
    history.replaceState(null, '', location.pathname + location.search);
    rememberUser(named);
  }
  return sessionStorage.getItem(storageKey) ?? undefined;
}

/** Signs a user in in this window, or with undefined nobody. */
export function rememberUser(userId: string | undefined): void {
  if (userId === undefined) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, userId);
}
