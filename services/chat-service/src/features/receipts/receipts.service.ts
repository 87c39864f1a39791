import type { wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId, invalid } from '../../requests/check-ids.js';
import type { RoomCache } from '../rooms/room-cache.js';
import type { KnownHeads } from './known-heads.js';
import type { ReceiptBook } from './receipt-book.js';

/** "Up to here it has reached me" and "up to here I have read", of participants, never beyond the newest message. */
export class ReceiptsService {
  constructor(
    private readonly roomCache: RoomCache,
    private readonly heads: Pick<KnownHeads, 'reaches'>,
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
    if (!(await this.heads.reaches(view.room, messageId)))
      throw invalid('messageId lies beyond the newest message of the room');
    await this.book.report({ roomId, userId, ...marks });
  }
}
