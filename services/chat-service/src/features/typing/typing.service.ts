import { ChatError, limits, type wire } from '@parlance/proto';
import type { EventPublisher } from '../../events/event-publisher.js';
import type { CallContext } from '../../requests/call-context.js';
import { checkRoomId } from '../../requests/check-ids.js';
import type { RoomCache } from '../rooms/room-cache.js';

/** Who is typing: told to those present, stored nowhere. */
export class TypingService {
  constructor(
    private readonly roomCache: RoomCache,
    private readonly publisher: EventPublisher,
  ) {}

  /**
   * Tells the room. Rooms of more than 100 participants are not told.
   * @throws ROOM_NOT_FOUND, NOT_A_PARTICIPANT.
   */
  async setTyping(
    context: CallContext,
    { roomId: room, isTyping }: wire.SetTypingRequest,
  ): Promise<wire.SetTypingResponse> {
    const roomId = checkRoomId(room);
    if (typeof isTyping !== 'boolean')
      throw new ChatError('INVALID_MESSAGE', { message: 'isTyping must be true or false' });
    const { view } = await this.roomCache.requireParticipant(roomId, context.userId);
    if (view.participants.size <= limits.namedReaders) {
      this.publisher.typing(roomId, context.userId, isTyping, context.traceId);
    }
    return {};
  }
}
