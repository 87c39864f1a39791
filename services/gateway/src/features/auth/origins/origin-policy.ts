/**
 * Decides whether a request with this `Origin` header is served. No Origin means no browser page is behind it, and is
 * accepted; anything else must be on the list: equal, or equal up to a port that the list leaves open with `:*`.
 * `null` (files, sandboxed frames) is an origin like any other and never on a list. Pure.
 */
export function isOriginAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  return allowed.some((pattern) =>
    pattern.endsWith(':*') ? matchesAnyPort(origin, pattern.slice(0, -2)) : origin === pattern,
  );
}

function matchesAnyPort(origin: string, base: string): boolean {
  if (!origin.startsWith(base)) return false;
  return /^(?::\d{1,5})?$/.test(origin.slice(base.length));
}
