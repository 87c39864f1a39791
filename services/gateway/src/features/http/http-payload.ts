import { ChatError, isPlainObject } from '@parlance/proto';

const numeric: ReadonlySet<string> = new Set(['limit', 'beforeId', 'afterId', 'fromDate']);

/**
 * The body of a request that needs one.
 *
 * @throws ChatError INVALID_MESSAGE when there is none, saying how to send one.
 */
export function withBody(body: unknown): unknown {
  if (body !== undefined) return body;
  const message = 'The body is missing: send a JSON object with the header "content-type: application/json".';
  throw new ChatError('INVALID_MESSAGE', { message });
}

/** A body together with the room of its path, as the socket event has them. The body must not name a room itself. */
export function withRoom(roomId: string, body: unknown): unknown {
  return withPart('roomId', roomId, body);
}

/** A body together with the user of its path. The body must not name one itself. */
export function withUser(userId: string, body: unknown): unknown {
  return withPart('userId', userId, body);
}

function withPart(name: string, value: string, body: unknown): unknown {
  const given = withBody(body);
  if (!isPlainObject(given)) return given;
  if (Object.hasOwn(given, name))
    throw new ChatError('INVALID_MESSAGE', { message: `The payload: unknown field ${name}: the path names it.` });
  return { ...given, [name]: value };
}

/** A body that names one user by `userId` as one that names a list of users; any other body as it is. */
export function withUserIds(body: unknown): unknown {
  if (!isPlainObject(body) || !Object.hasOwn(body, 'userId') || Object.hasOwn(body, 'userIds')) return body;
  const { userId, ...rest } = body;
  return { ...rest, userIds: [userId] };
}

/** Query parameters, those that are numbers by their name as numbers; what is not written in digits stays text. */
export function withNumbers(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, numeric.has(name) && isDigits(value) ? Number(value) : value]),
  );
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,16}$/.test(value);
}
