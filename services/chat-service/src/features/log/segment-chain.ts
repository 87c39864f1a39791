import { ChatError, type RoomId } from '@parlance/proto';
import { endOfMonth, type MonthYear, monthOf, sealSlot, startOfMonth } from '@parlance/storage';
import type { MongoRoomStore, StoredRoom } from '../rooms/mongo-room-store.js';
import type { MongoMessageStore } from '../slots/mongo-message-store.js';
import type { RoomTail } from './room-tail.js';

/** Says whether a month takes messages. */
export interface OpenMonths {
  isOpen(month: MonthYear): Promise<boolean>;
  /** Whether MongoDB's own clock has reached it; a pod whose clock runs ahead must not end a month for all (R6). */
  isDue(month: MonthYear): Promise<boolean>;
}

/**
 * The chain of a room's segments (R6). A month is closed in two steps that any pod can finish for another: a `seal` in
 * slot head+1 of the old month, then the new month at the end of `rooms.segments`. The seal names nothing; whoever meets
 * one at the end of the last segment adds the current month.
 */
export class SegmentChain {
  constructor(
    private readonly rooms: MongoRoomStore,
    private readonly messages: MongoMessageStore,
    private readonly months: OpenMonths,
    private readonly now: () => number,
  ) {}

  /** The end of a room's log at majority. Errors: ROOM_NOT_FOUND, STORE_UNAVAILABLE. */
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

  /** Seals the tail's segment. A seal that was not written, or by another pod, shows when the tail is read again. */
  async closeMonth(roomId: RoomId, tail: RoomTail): Promise<void> {
    await this.requireOpen(monthOf(this.now()));
    const { monthYear } = tail.segment;
    await this.messages.insert(monthYear, [sealSlot({ ...tail, roomId, monthYear })], true);
  }

  private async push(room: StoredRoom, firstId: number): Promise<void> {
    const last = lastSegment(room);
    const now = Math.max(this.now(), endOfMonth(last.monthYear));
    const month = monthOf(now);
    await this.requireOpen(month);
    await this.rooms.pushSegment(room, { monthYear: month, firstId });
  }

  private async requireOpen(month: MonthYear): Promise<void> {
    if ((await this.months.isDue(month)) && (await this.months.isOpen(month))) return;
    throw new ChatError('STORE_UNAVAILABLE', { message: `The month ${month} is not open for messages yet; retry.` });
  }
}

function lastSegment(room: StoredRoom): StoredRoom['segments'][number] {
  const last = room.segments.at(-1);
  if (!last) throw new Error(`room ${room.roomId} has no segment`);
  return last;
}
