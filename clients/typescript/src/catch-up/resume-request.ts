import type { ClientRequests } from '@parlance/proto';
import { namedReaders } from '../rooms/state/room-marks.js';
import { lacksSomething, type RoomState } from '../rooms/state/room-state.js';

const refreshedMessages = 50;

/** The cursors to resume some rooms from; rooms that are gone meanwhile are left out. */
export function resumeRequest(
  rooms: ReadonlyMap<string, ResumeReason>,
  store: { state(roomId: string): RoomState | undefined },
): ClientRequests['resume']['payload'] {
  const cursors = [...rooms].flatMap(([roomId, reason]) => {
    const state = store.state(roomId);
    if (!state) return [];
    const id = reason === 'reconnected' ? cursorWithReceipts(state) : state.cursor;
    const { rev, epoch } = state.room;
    return [[roomId, { id, rev, epoch }] as const];
  });
  return { rooms: Object.fromEntries(cursors) };
}

/**
 * Why a room is resumed. `lacking`: only if it still lacks something then. `continuing`: in any case, from its cursor.
 * `reconnected`: also with the newest own messages that not everybody has read, because pushes of receipts are not
 * repeated (R12: marks only rise).
 */
export type ResumeReason = 'lacking' | 'continuing' | 'reconnected';

/**
 * Whether a room has to be resumed once more after an answer, until all of it is there: at once when the answer brought
 * anything for any room, so that what brings nothing is not repeated at once. A room that had no place in the answer is asked
 * for again as it was, for the reason that is given. Pure.
 */
export function nextLook(
  after: RoomState,
  answer: ResumeAnswer,
  reason: ResumeReason = 'continuing',
): NextLook | undefined {
  if (answer.isTruncated || answer.hasMore) return { when: answer.hasMoved ? 'now' : 'later', reason };
  return lacksSomething(after) ? { when: 'later', reason: 'lacking' } : undefined;
}

/** An answer has brought something: a message, an event, or a room resumed from before its cursor, for its receipts. */
export function hasMoved(before: RoomState, after: RoomState, reason: ResumeReason): boolean {
  return after.cursor > before.cursor || after.room.rev > before.room.rev || reason === 'reconnected';
}

/** What came back for one room. */
export interface ResumeAnswer {
  readonly isTruncated: boolean;
  readonly hasMore: boolean;
  /** Some room of the whole answer has moved. */
  readonly hasMoved: boolean;
}

/** When to resume a room again, and why. */
export interface NextLook {
  readonly when: 'now' | 'later';
  readonly reason: ResumeReason;
}

/** The last id before the newest own messages whose receipts may have changed, at most so many back. */
export function cursorWithReceipts({ me, room, messages, cursor }: RoomState, atMost = refreshedMessages): number {
  if (room.participantCount > namedReaders) return cursor;
  const oldest = messages.slice(-atMost).find(({ senderId, status }) => senderId === me && status !== 'read');
  return oldest ? oldest.messageId - 1 : cursor;
}
