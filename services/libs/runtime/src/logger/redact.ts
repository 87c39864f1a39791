const LEVELS = 3;

/**
 * Replaces what must not be logged: every field whose name ends in token, authorization, password, secret, content or
 * cookie (in any case, so `accessToken` and `Set-Cookie` too), on the first three levels. Returns the same object when
 * there is nothing to replace and a copy otherwise; never changes what it was given. Errors have their own serializer.
 *
 * Pino's `redact` option would do it at 10 us a line for wildcard paths; this takes less than one.
 */
export function redact(fields: Record<string, unknown>): Record<string, unknown> {
  return redactLevel(fields, LEVELS);
}

/** What stands in the log instead. */
export const CENSOR = '[redacted]';

/** Names, and ends of names in lower case, of fields that are never shown. */
export const sensitiveNames: readonly string[] = ['token', 'authorization', 'password', 'secret', 'content', 'cookie'];

/** Field names are few and repeat; the bound is for those that a client can invent. */
const known = new Map<string, boolean>();
const KNOWN_MAX = 1_000;

function redactLevel(fields: Record<string, unknown>, levels: number): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    const shown =
      value === undefined || value === null ? value : isSensitive(name) ? CENSOR : inside(value, levels - 1);
    if (shown === value) continue;
    copy ??= { ...fields };
    copy[name] = shown;
  }
  return copy ?? fields;
}

function inside(value: unknown, levels: number): unknown {
  if (levels === 0 || typeof value !== 'object' || value === null || value instanceof Error || 'toJSON' in value)
    return value;
  if (!Array.isArray(value)) return redactLevel(value as Record<string, unknown>, levels);
  const shown = value.map((item) => inside(item, levels - 1));
  return shown.some((item, index) => item !== value[index]) ? shown : value;
}

function isSensitive(name: string): boolean {
  const remembered = known.get(name);
  if (remembered !== undefined) return remembered;
  const lower = name.toLowerCase();
  const sensitive = sensitiveNames.some((end) => lower.endsWith(end));
  if (known.size < KNOWN_MAX) known.set(name, sensitive);
  return sensitive;
}
