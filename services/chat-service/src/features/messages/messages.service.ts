import { ChatError, type RoomId, type UserId, type wire } from '@parlance/proto';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId } from '../../requests/check-ids.js';
import type { PendingSend } from '../log/pending-send.js';
import type { ReceiptBook } from '../receipts/receipt-book.js';
import { notInRoom, type RoomCache, type RoomView } from '../rooms/room-cache.js';
import { hasErasures, withErasure } from '../slots/erasure-overlay.js';
import { toWireMessage } from '../slots/message.mapper.js';
import { InTurn } from './in-turn.js';
import type { LimitedLog } from './limited-log.js';
import type { SendIdentity } from './send-identity.js';
import { checkBody, checkClientMessageId, checkSystemBody, checkSystemSender } from './send-request.js';

/** Stores what the participants of a room send. */
export class MessagesService {
  /** Sends that are looked up first. */
  private readonly lookups = new InTurn();

  constructor(
    private readonly roomCache: RoomCache,
    private readonly identity: SendIdentity,
    private readonly log: LimitedLog,
    private readonly receipts: Pick<ReceiptBook, 'sent'>,
  ) {}

  /**
   * Stores a message and answers it after the majority commit, never before. Sends of one room are stored in the order
   * of the calls. The same client id again answers the first message (R5: a client id makes a retry safe), even to
   * someone who has left since.
   * @throws INVALID_MESSAGE, MESSAGE_TOO_LARGE, ROOM_NOT_FOUND, NOT_A_PARTICIPANT, IDEMPOTENCY_CONFLICT,
   * RATE_LIMITED, STORE_UNAVAILABLE, DEADLINE_EXCEEDED.
   */
  async sendMessage(context: CallContext, request: wire.SendMessageRequest): Promise<wire.SendMessageResponse> {
    const { userId } = context;
    const roomId = checkRoomId(request.roomId);
    const body = checkBody(request);
    const clientMessageId = checkClientMessageId(request.clientMessageId);
    // No await where the view is at hand: order of calls is order of messages.
    const fresh = this.roomCache.fresh(roomId);
    const view = fresh?.participants.has(userId) ? fresh : await this.roomCache.findFor(roomId, userId);
    if (!view) throw notInRoom(undefined);
    const send = this.identity.pending(context, clientMessageId, body, view.room);
    if (hasErasures(userId, view.room))
      await this.lookups.take(`${roomId}\n${userId}`, () => this.appendUnlessErased(roomId, view, send));
    else if (view.participants.has(userId)) this.log.append(roomId, send);
    else await this.findEarlier(view, send);
    const { slot, deduplicated } = await send.result;
    if (!deduplicated) this.noteOwn(roomId, userId, slot.messageId, view);
    const message = toWireMessage(slot);
    return { message: withErasure(message, view.room), deduplicated, epoch: send.place.epoch };
  }

  /**
   * Stores what the installation itself says, as `send` does, in the name of a sender who is nobody: it needs no place in the
   * room, has read nothing, and is held to the rates of a sender of its own.
   * @throws INVALID_MESSAGE, MESSAGE_TOO_LARGE, ROOM_NOT_FOUND, IDEMPOTENCY_CONFLICT, RATE_LIMITED, STORE_UNAVAILABLE,
   * DEADLINE_EXCEEDED.
   */
  async sendSystemMessage(
    context: CallContext,
    request: wire.SendSystemMessageRequest,
  ): Promise<wire.SendSystemMessageResponse> {
    const roomId = checkRoomId(request.roomId);
    const userId = checkSystemSender(request.senderId);
    const body = checkSystemBody(request);
    const clientMessageId = checkClientMessageId(request.clientMessageId);
    const view = this.roomCache.fresh(roomId) ?? (await this.roomCache.find(roomId));
    if (!view) throw new ChatError('ROOM_NOT_FOUND');
    const send = this.identity.pending({ ...context, userId }, clientMessageId, body, view.room);
    this.log.append(roomId, send);
    const { slot, deduplicated } = await send.result;
    return { message: toWireMessage(slot), deduplicated, epoch: send.place.epoch };
  }

  /** A retry must not bring back what was erased. In turn: a later send is not stored before this one is looked up. */
  private async appendUnlessErased(roomId: RoomId, view: RoomView, send: PendingSend): Promise<void> {
    const erased = await this.identity.findErased(view.room, send);
    if (erased) send.settle(erased);
    else if (view.participants.has(send.senderId)) this.log.append(roomId, send);
    else await this.findEarlier(view, send);
  }

  /** Whoever writes has read what was said before (R12: marks only rise). */
  private noteOwn(roomId: RoomId, userId: UserId, messageId: number, view: RoomView): void {
    this.receipts.sent(roomId, userId, messageId, view.participants.get(userId)?.readUpTo ?? 0);
  }

  /**
   * Someone outside the room may only learn of a message that they stored themselves while they were in it (R5: a
   * client id makes a retry safe).
   */
  private async findEarlier(view: RoomView, send: PendingSend): Promise<void> {
    const slot = await this.identity.findEarlier(view.room, send);
    if (slot) send.settle(slot);
    else send.fail(notInRoom(view.room));
  }
}
