import { ChatError, type RoomId, type UserId } from '@parlance/proto';
import { type Rate, TokenBuckets } from '@parlance/runtime';

/** How fast messages may come. */
export interface SendRates {
  /** Of one user into one room. */
  readonly user: Rate;
  /** Of all users into one room. */
  readonly room: Rate;
}

/**
 * Limits of sending, in this pod's memory: a room has an owner pod, so its buckets need no round trip. While ownership
 * changes, or for callers that bring their own balancing, the limit holds for each pod that serves the room.
 */
export class SendLimits {
  private readonly users: TokenBuckets;
  private readonly rooms: TokenBuckets;

  constructor(rates: SendRates, now: () => number) {
    this.users = new TokenBuckets(rates.user, now);
    this.rooms = new TokenBuckets(rates.room, now);
  }

  /**
   * Counts a send.
   * @throws RATE_LIMITED with the time after which the next one would pass; then nothing is counted.
   */
  admit(roomId: RoomId, userId: UserId): void {
    const own = `${roomId}\n${userId}`;
    const retryAfterMs = Math.max(this.users.waitMs(own), this.rooms.waitMs(roomId));
    if (retryAfterMs > 0) throw new ChatError('RATE_LIMITED', { retryAfterMs });
    this.users.take(own);
    this.rooms.take(roomId);
  }
}
