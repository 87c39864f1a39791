import type { RoomId } from '@parlance/proto';
import type { MongoRoomStore } from '../rooms/mongo-room-store.js';
import { segmentOf } from './log-reader.js';
import type { MessageCache } from './message-cache.js';
import type { MongoMessageStore } from './mongo-message-store.js';

/**
 * Tells a log that has gone back below what somebody has seen of it, as after a restored backup, from an answer that is
 * merely old: a primary that was just deposed answers `majority` reads for some seconds more, so both reads here are
 * linearizable. Whoever asks has seen more than a read at majority has shown.
 */
export class LogSetback {
  constructor(
    private readonly rooms: Pick<MongoRoomStore, 'readLatest'>,
    private readonly messages: Pick<MongoMessageStore, 'hasMessage'>,
    private readonly cache: Pick<MessageCache, 'forget'>,
  ) {}

  /** Whether the message `head` or the room event `rev` that was seen is there no longer. Errors: STORE_UNAVAILABLE. */
  async hasHappened(roomId: RoomId, seen: { readonly head: number; readonly rev: number }): Promise<boolean> {
    const room = await this.rooms.readLatest(roomId);
    if (!room) return false;
    if (seen.rev > room.rev + room.unlogged.length) return true;
    const segment = segmentOf(room, seen.head);
    return segment !== undefined && !(await this.messages.hasMessage(segment.monthYear, roomId, seen.head));
  }

  /** Takes what the cache holds of a room that has gone back: it may be of the log that is no more. Never rejects. */
  forget(roomId: string): Promise<void> {
    return this.cache.forget(roomId);
  }
}
