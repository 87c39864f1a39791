import type { UserId } from '@parlance/proto';
import { backoffMs, type Logger } from '@parlance/runtime';
import { RoomJoinService } from './room-join.service.js';
import { RoomQueries } from './room-queries.service.js';

const everyMs = 5 * 60_000;
const maxRunning = 16;

/**
 * Finds the rooms that users were added to without this gateway hearing of it: lists a user's rooms again, brings the
 * user's sockets into those they are not in, and tells them by `heads`. A few users at a time; a user whose rooms cannot
 * be read is tried again with a growing pause.
 */
export class RoomListReconciler {
  private readonly suspects = new Set<string>();
  /** When the rooms of each local user were last listed, Unix milliseconds. */
  private readonly listedAt = new Map<string, number>();
  private running = 0;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly queries: RoomQueries,
    private readonly roomJoin: RoomJoinService,
    private readonly logger: Logger,
    private readonly now: () => number,
  ) {}

  /** The first socket of a user has come, whose handshake lists the user's rooms. */
  userCame(userId: string): void {
    this.listedAt.set(userId, this.now());
  }

  /** The last socket of a user is gone. */
  userWent(userId: string): void {
    this.listedAt.delete(userId);
  }

  /** Has the rooms of these users listed soon. */
  check(userIds: Iterable<string>): void {
    for (const userId of userIds) this.suspects.add(userId);
    this.proceed();
  }

  /** Checks the users whose rooms were last listed five minutes ago or earlier. */
  checkDue(): void {
    const now = this.now();
    this.check([...this.listedAt].filter(([, at]) => now - at >= everyMs).map(([userId]) => userId));
  }

  /** Has the rooms of those local users listed soon that `isConcerned` names. */
  checkAll(isConcerned: (userId: string) => boolean): void {
    this.check([...this.listedAt.keys()].filter(isConcerned));
  }

  /** Lists nothing more. */
  stop(): void {
    this.stopped = true;
    this.suspects.clear();
  }

  private proceed(): void {
    for (const userId of this.suspects) {
      if (this.stopped || this.running >= maxRunning) return;
      this.suspects.delete(userId);
      if (!this.listedAt.has(userId)) continue;
      this.running += 1;
      void this.find(userId as UserId).finally(() => {
        this.running -= 1;
        this.proceed();
      });
    }
  }

  private async find(userId: UserId): Promise<void> {
    try {
      const heads = await this.queries.listRoomHeads(userId);
      if (this.failures > 0) this.logger.info('rooms of users are listed again');
      this.failures = 0;
      if (this.listedAt.has(userId)) this.listedAt.set(userId, this.now());
      await this.roomJoin.enterMissed(userId, heads);
    } catch (thrown) {
      this.failures += 1;
      if (this.failures === 1) this.logger.warn({ err: thrown }, 'rooms of users cannot be listed');
      const pauseMs = backoffMs(this.failures, { firstMs: 200, capMs: 5_000 });
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      this.suspects.add(userId);
    }
  }
}
