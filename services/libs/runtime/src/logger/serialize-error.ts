/**
 * Reduces anything thrown to `{ name, message, code?, stack? }` (and `cause` the same way, up to three deep).
 * Other properties are dropped on purpose: drivers attach commands and their arguments to errors.
 */
export function serializeError(thrown: unknown, depth = 0): SerializedError {
  if (!(thrown instanceof Error)) return { name: 'NonError', message: describe(thrown) };
  const code =
    'code' in thrown && (typeof thrown.code === 'string' || typeof thrown.code === 'number') ? thrown.code : undefined;
  return {
    name: thrown.name,
    message: thrown.message,
    ...(code === undefined ? {} : { code }),
    ...(thrown.stack === undefined ? {} : { stack: thrown.stack }),
    ...(thrown.cause === undefined || depth >= 3 ? {} : { cause: serializeError(thrown.cause, depth + 1) }),
  };
}

/** An error as it stands in the log. */
export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: SerializedError;
}

function describe(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : `a thrown ${thrown === null ? 'null' : typeof thrown}`;
}
