import type { RoomId, wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId, invalid } from '../../requests/check-ids.js';
import type { StoredRoom } from '../rooms/mongo-room-store.js';
import type { RoomCache } from '../rooms/room-cache.js';
import type { LogReader } from '../slots/log-reader.js';
import type { ReceiptBook } from './receipt-book.js';

/** A head is remembered for this many rooms; more only mean reading it again. */
const rememberedHeads = 10_000;

/** "Up to here it has reached me" and "up to here I have read", of participants, never beyond the newest message. */
export class ReceiptsService {
  /** Heads that were read: lower bounds of what they are now, in the same epoch. */
  private readonly heads = new Map<RoomId, { readonly epoch: number; readonly head: number }>();
  /** Heads being read. */
  private readonly reading = new Map<RoomId, { readonly epoch: number; readonly head: Promise<number> }>();

  constructor(
    private readonly roomCache: RoomCache,
    private readonly log: LogReader,
    private readonly book: ReceiptBook,
  ) {}

  /** @throws INVALID_MESSAGE beyond the head, ROOM_NOT_FOUND, NOT_A_PARTICIPANT, STORE_UNAVAILABLE. */
  async markMessageDelivered(
    context: CallContext,
    { roomId, messageId }: wire.MarkMessageDeliveredRequest,
  ): Promise<wire.MarkMessageDeliveredResponse> {
    await this.mark(context, roomId, messageId, { delivered: messageId, read: 0 });
    return { messageId };
  }

  /**
   * Reading a message means that it was delivered too.
   * @throws as above.
   */
  async markMessageRead(
    context: CallContext,
    { roomId, messageId }: wire.MarkMessageReadRequest,
  ): Promise<wire.MarkMessageReadResponse> {
    await this.mark(context, roomId, messageId, { delivered: messageId, read: messageId });
    return { messageId };
  }

  private async mark(
    { userId }: CallContext,
    room: string,
    messageId: number,
    marks: { readonly delivered: number; readonly read: number },
  ): Promise<void> {
    const roomId = checkRoomId(room);
    if (!Number.isSafeInteger(messageId) || messageId < 1) throw invalid('messageId must be a whole number, 1 or more');
    const { view } = await this.roomCache.requireParticipant(roomId, userId);
    if (!(await this.reaches(view.room, messageId)))
      throw invalid('messageId lies beyond the newest message of the room');
    await this.book.report({ roomId, userId, ...marks });
  }

  /** Whether the log reaches a message. Readers of one room share a reading, unless it began too early to know of it. */
  private async reaches(room: StoredRoom, messageId: number): Promise<boolean> {
    const roomId = room.roomId as RoomId;
    const { epoch } = room;
    const known = this.heads.get(roomId);
    if (known?.epoch === epoch && messageId <= known.head) return true;
    const underWay = this.reading.get(roomId);
    if (underWay?.epoch === epoch && messageId <= (await underWay.head)) return true;
    const reading = { epoch, head: this.log.head(room).then(({ head }) => head) };
    this.reading.set(roomId, reading);
    try {
      const head = await reading.head;
      this.remember(roomId, epoch, head);
      return messageId <= head;
    } finally {
      if (this.reading.get(roomId) === reading) this.reading.delete(roomId);
    }
  }

  private remember(roomId: RoomId, epoch: number, head: number): void {
    const known = this.heads.get(roomId);
    this.heads.set(roomId, { epoch, head: Math.max(head, known?.epoch === epoch ? known.head : 0) });
    if (this.heads.size > rememberedHeads) this.heads.delete(this.heads.keys().next().value ?? roomId);
  }
}
