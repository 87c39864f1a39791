import type { ChatRoom } from '@parlance/proto';
import { eventSize } from '../outbox/sizes/event-size.js';
import { ParlanceError } from '../parlance-error.js';
import type { Session } from '../session.js';

const quotesAndComma = 3;

/**
 * Adds users to a room, in as many events as the server's limit makes necessary; each may be repeated. What fails after the
 * first has an outcome that is not known: some were added.
 */
export async function addParticipants(
  session: Pick<Session, 'ask' | 'connection'>,
  roomId: string,
  userIds: readonly string[],
): Promise<ChatRoom> {
  const [first = [], ...others] = batchesOf(roomId, userIds, session.connection.limits?.eventBytes);
  let room = await session.ask('addParticipants', { roomId, userIds: first });
  for (const batch of others) {
    try {
      room = await session.ask('addParticipants', { roomId, userIds: batch });
    } catch (thrown) {
      const { code, message, retryable } = ParlanceError.from(thrown, 'INTERNAL');
      throw new ParlanceError({ code, message, retryable, outcome: 'unknown' }, { cause: thrown });
    }
  }
  return room;
}

function batchesOf(roomId: string, userIds: readonly string[], eventBytes = Number.POSITIVE_INFINITY): string[][] {
  const emptyBytes = eventSize('addParticipants', { roomId, userIds: [] });
  const batches: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const userId of userIds) {
    const ownBytes = eventSize('', userId) - eventSize('', '') + quotesAndComma;
    if (batches.length === 0 || bytes + ownBytes > eventBytes) {
      batches.push([]);
      bytes = emptyBytes;
    }
    batches.at(-1)?.push(userId);
    bytes += ownBytes;
  }
  return batches;
}
