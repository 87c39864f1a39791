declare const brand: unique symbol;

/** Identifies a room: `^[A-Za-z0-9_.:-]{1,128}$`. */
export type RoomId = string & { readonly [brand]: 'RoomId' };

/** Identifies a user, the subject of a token: `^[A-Za-z0-9_.:-]{1,128}$`, and not {@link isReservedId}. */
export type UserId = string & { readonly [brand]: 'UserId' };

/** Form of every id that crosses the wire. It leaves out braces, which would change a Redis Cluster hash tag. */
export const idPattern = /^[A-Za-z0-9_.:-]{1,128}$/;

/**
 * True for ids that are no user's, so that nobody can speak in their name: `system` and `system:NAME` send system messages,
 * `parlance:NAME` are jobs in room events.
 */
export function isReservedId(id: string): boolean {
  return /^(?:system|parlance)(?::|$)/.test(id);
}

/** True for an id that a user may have. */
export function isUserId(value: unknown): value is UserId {
  return isId(value) && !isReservedId(value);
}

/** True for an id that may send system messages: `system`, or `system:` and a name. */
export function isSystemSender(value: unknown): value is UserId {
  return isId(value) && /^system(?::.|$)/.test(value);
}

/** True for text of the form of an id. Anything that is not a string is false. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && idPattern.test(value);
}
