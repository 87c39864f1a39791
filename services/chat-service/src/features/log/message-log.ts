import type { RoomId } from '@parlance/proto';
import type { GroupCommit } from '../commit/group-commit.js';
import type { LogClock } from './log-clock.js';
import type { Announce, PendingSend, SendResult } from './pending-send.js';
import { RoomLog } from './room-log.js';
import type { SegmentChain } from './segment-chain.js';

/** A room's writing end is forgotten when nothing was sent for this long. */
const idleMs = 5 * 60_000;

/** The log of all rooms on this pod: one {@link RoomLog} each, insert commands made across them. */
export class MessageLog {
  private readonly rooms = new Map<string, RoomLog>();

  constructor(
    private readonly clock: LogClock,
    private readonly chain: SegmentChain,
    private readonly commit: GroupCommit,
    private readonly announce: Announce,
  ) {}

  /** Appends a message to a room's log, or finds the one that an earlier attempt has stored. */
  append(roomId: RoomId, send: PendingSend): Promise<SendResult> {
    const room = this.rooms.get(roomId) ?? new RoomLog(roomId, this.clock, this.chain, this.commit, this.announce);
    this.rooms.set(roomId, room);
    return room.submit(send);
  }

  /** The room's log is another one, or may be: its end is read again before anything is written. */
  forget(roomId: string): void {
    this.chain.forget(roomId);
    this.rooms.get(roomId)?.forgetTail();
  }

  /** Forgets rooms without traffic; the next send reads their tail again. */
  forgetIdle(): void {
    const before = this.clock.now() - idleMs;
    for (const [roomId, room] of this.rooms) {
      if ((room.idleSince ?? Number.POSITIVE_INFINITY) < before) this.rooms.delete(roomId);
    }
    this.chain.forgetIdle();
  }
}
