import { ChatError, type RoomId, type UserId, type wire } from '@parlance/proto';
import type { ClientName } from '@parlance/storage';
import type { CallContext } from '../../call-context.js';
import type { MessageLog } from '../log/message-log.js';
import { PendingSend } from '../log/pending-send.js';
import type { ReceiptBook } from '../receipts/receipt-book.js';
import { notInRoom, type RoomCache, type RoomView } from '../rooms/room-cache.js';
import { checkRoomId } from '../rooms/room-requests.js';
import { hasErasures, withErasure } from '../slots/erasure-overlay.js';
import { toWireMessage } from '../slots/message.mapper.js';
import type { StoredSlot } from '../slots/message-store.js';
import type { SendLimits } from './send-limits.js';
import { checkBody, checkClientMessageId, checkSystemBody, checkSystemSender } from './send-request.js';

/** What sending and reading messages works with. */
export interface MessagesPorts {
  readonly roomCache: RoomCache;
  readonly log: MessageLog;
  readonly limits: SendLimits;
  readonly receipts: ReceiptBook;
  hashBody(body: PendingSend['body']): string;
  newClientMessageId(): string;
  /** What stands in place of a client id once its message is erased. */
  erasedName(name: ClientName): string;
}

/** Stores what the participants of a room send. */
export class MessagesService {
  constructor(private readonly ports: MessagesPorts) {}

  /**
   * Stores a message and answers it after the majority commit, never before. Sends of one room are stored in the order
   * of the calls. The same client id again answers the first message (R5), even to someone who has left since.
   * Errors: INVALID_MESSAGE, MESSAGE_TOO_LARGE, ROOM_NOT_FOUND, NOT_A_PARTICIPANT, IDEMPOTENCY_CONFLICT,
   * RATE_LIMITED, STORE_UNAVAILABLE, DEADLINE_EXCEEDED.
   */
  async send(context: CallContext, request: wire.SendMessageRequest): Promise<wire.SendMessageResponse> {
    const roomId = checkRoomId(request.roomId);
    const body = checkBody(request);
    const clientMessageId = checkClientMessageId(request.clientMessageId) || this.ports.newClientMessageId();
    const hash = this.ports.hashBody(body);
    const { roomCache } = this.ports;
    // No await where the view is at hand: order of calls is order of messages.
    const fresh = roomCache.fresh(roomId);
    const view = fresh?.participants.has(context.userId) ? fresh : await roomCache.findFor(roomId, context.userId);
    const send = new PendingSend(
      context,
      clientMessageId,
      body,
      hash,
      view?.room ?? { memberRev: 0, rev: 0, epoch: 0 },
    );
    const erased = view && hasErasures(context.userId, view.room) ? await this.findErased(view, send) : undefined;
    if (erased) send.settle(erased);
    else if (view && !view.participants.has(context.userId)) await this.findEarlier(view, send);
    else if (view) this.append(roomId, send);
    else throw notInRoom(undefined);
    const { slot, deduplicated } = await send.result;
    if (!deduplicated) this.noteOwn(roomId, context.userId, slot.messageId, view);
    const message = toWireMessage(slot);
    return { message: view ? withErasure(message, view.room) : message, deduplicated, epoch: send.place.epoch };
  }

  /**
   * Stores what the installation itself says, as `send` does, in the name of a sender who is nobody: it needs no place in the
   * room, has read nothing, and is held to the rates of a sender of its own.
   * Errors: INVALID_MESSAGE, MESSAGE_TOO_LARGE, ROOM_NOT_FOUND, IDEMPOTENCY_CONFLICT, RATE_LIMITED, STORE_UNAVAILABLE,
   * DEADLINE_EXCEEDED.
   */
  async sendSystem(
    context: CallContext,
    request: wire.SendSystemMessageRequest,
  ): Promise<wire.SendSystemMessageResponse> {
    const roomId = checkRoomId(request.roomId);
    const userId = checkSystemSender(request.senderId);
    const body = checkSystemBody(request);
    const clientMessageId = checkClientMessageId(request.clientMessageId) || this.ports.newClientMessageId();
    const { roomCache } = this.ports;
    const view = roomCache.fresh(roomId) ?? (await roomCache.find(roomId));
    if (!view) throw new ChatError('ROOM_NOT_FOUND');
    const send = new PendingSend({ ...context, userId }, clientMessageId, body, this.ports.hashBody(body), view.room);
    this.append(roomId, send);
    const { slot, deduplicated } = await send.result;
    return { message: toWireMessage(slot), deduplicated, epoch: send.place.epoch };
  }

  private append(roomId: RoomId, send: PendingSend): void {
    this.ports.limits.admit(roomId, send.senderId);
    void this.ports.log.append(roomId, send);
  }

  /** Whoever writes has read what was said before (R12). */
  private noteOwn(roomId: RoomId, userId: UserId, messageId: number, view: RoomView | undefined): void {
    this.ports.receipts.sent(roomId, userId, messageId, view?.participants.get(userId)?.readUpTo ?? 0);
  }

  /** A retry must not bring back what was erased: its name is known by its hash. */
  private findErased({ room }: RoomView, send: PendingSend): Promise<StoredSlot | undefined> {
    const { senderId, clientMessageId } = send;
    return this.ports.log.findErased(
      room,
      send,
      this.ports.erasedName({ roomId: room.roomId, senderId, clientMessageId }),
    );
  }

  /** Someone outside the room may only learn of a message that they stored themselves while they were in it (R5). */
  private async findEarlier(view: RoomView, send: PendingSend): Promise<void> {
    const slot = await this.ports.log.findEarlier(view.room, send);
    if (slot) send.settle(slot);
    else send.fail(notInRoom(view.room));
  }
}
