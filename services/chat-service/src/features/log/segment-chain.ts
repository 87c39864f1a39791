import { ChatError, type RoomId } from '@parlance/proto';
import { sealSlot, startOfMonth } from '@parlance/storage';
import type { MonthKeeper } from '../months/month-keeper.js';
import type { MongoRoomStore } from '../rooms/mongo-room-store.js';
import { lastSegment, type Segment } from '../rooms/segment.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { ClientKey, StoredSlot } from '../slots/message-store.js';
import type { MongoMessageStore } from '../slots/mongo-message-store.js';
import type { RoomTail } from './room-tail.js';
import type { SealedSegments } from './sealed-segments.js';

/**
 * The chain of a room's segments (R6: a month ends with its seal). A month is closed in two steps that any pod can
 * finish for another: a `seal` in slot head+1 of the old month, then the new month at the end of `rooms.segments`. The
 * seal names nothing; whoever meets one at the end of the last segment adds the current month.
 */
export class SegmentChain {
  constructor(
    private readonly rooms: MongoRoomStore,
    private readonly messages: MongoMessageStore,
    private readonly sealed: SealedSegments,
    private readonly months: Pick<MonthKeeper, 'following'>,
  ) {}

  /**
   * The end of a room's log at majority, after completing a month's change that another pod began.
   * @throws ROOM_NOT_FOUND; STORE_UNAVAILABLE.
   */
  async readTail(roomId: RoomId): Promise<RoomTail> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const room = await this.rooms.read(roomId);
      if (!room) throw new ChatError('ROOM_NOT_FOUND');
      const last = lastSegment(room);
      if (last.end) {
        await this.push(room, last.end.head + 1);
        continue;
      }
      const slot = await this.messages.readLast(last.monthYear, roomId);
      if (slot?.kind !== 'seal') {
        return {
          segment: last,
          previous: room.segments.at(-2),
          length: room.segments.length,
          head: slot?.messageId ?? last.firstId - 1,
          timestamp: slot?.timestamp ?? startOfMonth(last.monthYear),
        };
      }
      await this.push(room, slot.messageId);
    }
    throw new ChatError('STORE_UNAVAILABLE', { message: 'The month of this room is being changed; retry.' });
  }

  /**
   * Seals the tail's segment. A seal that was not written, or by another pod, shows when the tail is read again.
   * @throws STORE_UNAVAILABLE when the month that would follow is not open, or not due.
   */
  async closeMonth(roomId: RoomId, tail: RoomTail): Promise<void> {
    const { monthYear } = tail.segment;
    await this.months.following(monthYear);
    await this.messages.insert(monthYear, [sealSlot({ ...tail, roomId, monthYear })], true);
  }

  /** The messages that stand in a segment under these client ids; `isSealed` when the chain has left it behind. */
  findStored(
    roomId: RoomId,
    { monthYear }: Segment,
    keys: readonly ClientKey[],
    isSealed: boolean,
  ): Promise<StoredSlot[]> {
    if (isSealed) return this.sealed.find(roomId, monthYear, keys);
    return this.messages.findByClientKeys(monthYear, roomId, keys);
  }

  /** What is remembered of the room's sealed segments does not hold any more, as behind a restored backup. */
  forget(roomId: string): void {
    this.sealed.forget(roomId);
  }

  /** Forgets what nobody asks for. Call it now and then. */
  forgetIdle(): void {
    this.sealed.forgetIdle();
  }

  private async push(room: StoredRoom, firstId: number): Promise<void> {
    const monthYear = await this.months.following(lastSegment(room).monthYear);
    await this.rooms.pushSegment(room, { monthYear, firstId });
  }
}
