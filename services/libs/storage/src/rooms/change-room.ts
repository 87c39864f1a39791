import { Long } from 'mongodb';
import type { ChatDatabase } from '../database/chat-database.js';
import { durable } from '../database/command-options.js';
import type { RoomDocument } from '../documents/room-document.js';
import type { UnloggedEvent, UnnumberedEvent } from '../documents/room-event-document.js';
import type { ErasureDocument } from '../documents/room-policy.js';
import type { Roster } from './roster.js';

/** Where a room stood when a change of it was decided. */
export interface RoomVersion {
  readonly roomId: string;
  readonly memberRev: number;
  /** Number of the newest room event. */
  readonly rev: number;
}

/** What becomes of a room. What is absent stays. */
export interface RoomDecision {
  readonly settings?: Partial<Pick<RoomDocument, 'metadata' | 'joinRule' | 'historyVisibility'>>;
  readonly roster?: Roster;
  /** Whose messages are erased, all that there are. */
  readonly erasures?: readonly ErasureDocument[];
  /** What is told of it, in order; at least one. */
  readonly events: readonly UnnumberedEvent[];
  /** The request that asks for it, so that no other attempt of it does this again. */
  readonly requestId?: string;
}

/** Changes of a room after which an attempt that comes late is not known any more: it has a deadline of a minute at most. */
const rememberedRequests = 64;

/**
 * Changes a room by one write, if it is still the one that the change was decided for: `memberRev` goes up by one with
 * every change, so of two that were decided at once one finds another room and has to be decided anew. Answers whether
 * this one holds. The events take the next numbers, in the order of the changes.
 */
export async function changeRoom(
  database: ChatDatabase,
  { roomId, memberRev, rev }: RoomVersion,
  { settings, roster, erasures, events, requestId }: RoomDecision,
): Promise<boolean> {
  const numbered = events.map((event, index): UnloggedEvent => ({ ...event, rev: Long.fromNumber(rev + 1 + index) }));
  const { matchedCount } = await database.rooms.updateOne(
    { roomId, memberRev: Long.fromNumber(memberRev) },
    {
      $set: { ...settings, ...roster, ...(erasures && { erasures }), rev: Long.fromNumber(rev + events.length) },
      $inc: { memberRev: Long.fromNumber(1) },
      $push: {
        unlogged: { $each: numbered },
        ...(requestId === undefined ? {} : { requests: newest(requestId) }),
      },
    },
    durable(),
  );
  return matchedCount === 1;
}

/** Has a request count as one that the room was changed by: an attempt of it that comes later changes nothing. */
export async function noteRequest(database: ChatDatabase, roomId: string, requestId: string): Promise<void> {
  await database.rooms.updateOne({ roomId }, { $push: { requests: newest(requestId) } }, durable());
}

function newest(requestId: string) {
  return { $each: [requestId], $slice: -rememberedRequests };
}
