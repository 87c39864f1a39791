import { ChatError, everyUserChannel, type RoomHead, roomChannel, type UserId, userChannel } from '@parlance/proto';
import { ConcurrencyLimiter } from '@parlance/runtime';
import type { RoomSubscriptions } from '../hearing/room-subscriptions.service.js';
import type { RoomJoinService } from '../repair/room-join.service.js';
import type { RoomQueries } from '../repair/room-queries.service.js';
import type { LocalSocket } from '../transport/local-socket.js';

const confirmTimeoutMs = 1_000;

/** Users whose rooms are read side by side. */
const readsAtATime = 256;

/**
 * Finds the rooms of a socket that comes, and joins them. Nothing falls between the list of rooms and the live events:
 * the user's channel is confirmed before the list is read, and a room's feed starts at the head that the list says,
 * whatever is read later (R10: a resume is complete or says so). With Redis away the confirmations are not waited for
 * longer than a second; they come later, and with them the comparison of heads.
 */
export class SessionRooms {
  /**
   * Reading a user's rooms is the expensive part of a handshake, and after a restart everybody comes at once. The chat
   * service reads for those together who ask together, so they are many.
   */
  private readonly limiter: ConcurrencyLimiter;

  constructor(
    private readonly subscriptions: RoomSubscriptions,
    private readonly queries: RoomQueries,
    private readonly roomJoin: RoomJoinService,
    now: () => number,
  ) {
    this.limiter = new ConcurrencyLimiter(readsAtATime, () => new ChatError('DEADLINE_EXCEEDED'), now);
  }

  /**
   * All rooms of a user.
   *
   * @throws ChatError (rejects) what the chat service says; DEADLINE_EXCEEDED when it does not answer in time.
   */
  async find(userId: UserId, deadlineAt: number): Promise<readonly RoomHead[]> {
    await this.subscriptions.settled([everyUserChannel, userChannel(userId)], confirmTimeoutMs);
    return this.limiter.run(deadlineAt, () => this.queries.listRoomHeads(userId, deadlineAt));
  }

  /** Makes a socket a member of those rooms that its user still is in. Never rejects. */
  async join(socket: LocalSocket, heads: readonly RoomHead[]): Promise<void> {
    const joins = heads.map((head) => this.roomJoin.enter(socket, head));
    const channels = new Set(heads.map(({ roomId }) => roomChannel(roomId)));
    await Promise.all([this.subscriptions.settled(channels, confirmTimeoutMs), ...joins]);
  }
}
