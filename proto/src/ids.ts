declare const brand: unique symbol;

/** Identifies a room: `^[A-Za-z0-9_.:-]{1,128}$`. */
export type RoomId = string & { readonly [brand]: 'RoomId' };

/** Identifies a user, the subject of a token: `^[A-Za-z0-9_.:-]{1,128}$`. */
export type UserId = string & { readonly [brand]: 'UserId' };

/** Form of every id that crosses the wire. It leaves out braces, which would change a Redis Cluster hash tag. */
export const idPattern = /^[A-Za-z0-9_.:-]{1,128}$/;

/** True for text of the form of an id. Anything that is not a string is false. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && idPattern.test(value);
}
