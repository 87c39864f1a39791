import { type EventEnvelope, limits, type MessageStatusUpdate, type ParticipantReceipt } from '@parlance/proto';

/** Receipts of one event: both of each participant, where all are named. */
const mostReceipts = 2 * limits.namedReaders;

/**
 * The event that tells of receipts of one room, of as many participants as they may be; `only` the sockets of the first's
 * user hear of it, if that is said. More than {@link mostReceipts} take another event.
 */
export function receiptEvents(
  roomId: string,
  receipts: readonly ParticipantReceipt[],
  at: number,
  only?: true,
): EventEnvelope[] {
  const events: EventEnvelope[] = [];
  for (let from = 0; from < receipts.length; from += mostReceipts) {
    const [first, ...others] = receipts.slice(from, from + mostReceipts);
    if (!first) break;
    const { userId, status } = first;
    const update: MessageStatusUpdate = {
      roomId,
      ...first,
      timestamp: at,
      ...(status === 'read' ? { readAt: at } : {}),
      ...(others.length > 0 ? { others } : {}),
    };
    const place = { roomId, userId, head: 0, rev: 0, memberRev: 0, at, ...(only && { only }) };
    events.push({ v: 1, type: `chat:message:${status}`, ...place, payload: JSON.stringify(update) });
  }
  return events;
}
