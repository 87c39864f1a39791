import { Inject, Injectable } from '@nestjs/common';
import { limits, type RoomHead, type UserId } from '@parlance/proto';
import { backoffMs, type Logger } from '@parlance/runtime';
import { LOGGER } from '../../../injection-tokens.js';
import { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { eventFrame } from '../transport/frame.js';
import type { LocalSocket } from '../transport/local-socket.js';
import { RoomJoinService } from './room-join.service.js';
import { RoomQueries } from './room-queries.service.js';

const everyMs = 5 * 60_000;

const maxRunning = 16;

/**
 * Finds the rooms that users were added to without this gateway hearing of it: lists a user's rooms again, brings the
 * user's sockets into those they are not in, and tells them by `heads`. A few users at a time; a user whose rooms cannot
 * be read is tried again with a growing pause.
 */
@Injectable()
export class RoomListReconciler {
  private readonly suspects = new Set<string>();
  /** When the rooms of each local user were last listed, Unix milliseconds. */
  private readonly listedAt = new Map<string, number>();
  private running = 0;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly queries: RoomQueries,
    private readonly connections: ConnectionRegistry,
    private readonly roomJoin: RoomJoinService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    connections.listen({
      userCame: (userId) => void this.listedAt.set(userId, Date.now()),
      userWent: (userId) => void this.listedAt.delete(userId),
    });
  }

  /** Has the rooms of these users listed soon. */
  check(userIds: Iterable<string>): void {
    for (const userId of userIds) this.suspects.add(userId);
    this.proceed();
  }

  /** Checks the users whose rooms were last listed five minutes before `now`, Unix milliseconds, or earlier. */
  checkDue(now: number): void {
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
      this.failures = 0;
      if (this.listedAt.has(userId)) this.listedAt.set(userId, Date.now());
      await Promise.all([...this.connections.socketsOf(userId)].map((socket) => this.bringIn(socket, heads)));
    } catch (thrown) {
      this.failures += 1;
      if (this.failures === 1) this.logger.warn({ err: thrown }, 'rooms of users cannot be listed');
      const pauseMs = backoffMs(this.failures, { firstMs: 200, capMs: 5_000 });
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      this.suspects.add(userId);
    }
  }

  private async bringIn(socket: LocalSocket, heads: readonly RoomHead[]): Promise<void> {
    const isIn = ({ roomId }: RoomHead): boolean => this.connections.feedOf(roomId)?.members.has(socket) ?? false;
    const missed = heads.filter((known) => !isIn(known));
    if (!socket.canJoin) {
      for (const known of missed) socket.noteLateRoom(known);
      return;
    }
    await Promise.all(missed.map((known) => this.roomJoin.enter(socket, known)));
    const entered = missed.filter(isIn);
    for (let start = 0; start < entered.length; start += limits.rooms) {
      const some = entered.slice(start, start + limits.rooms);
      const told = Object.fromEntries(some.map(({ roomId, head, rev, epoch }) => [roomId, { head, rev, epoch }]));
      socket.deliver(eventFrame('heads', JSON.stringify(told)));
    }
  }
}
