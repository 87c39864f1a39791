import { limits, type RoomHead } from '@parlance/proto';
import { backoffMs, type Logger } from '@parlance/runtime';
import { ConnectionRegistry } from '../fan-out/connection-registry.js';
import { RoomQueries, type SeenRoom } from './room-queries.service.js';
import { RoomRepair } from './room-repair.service.js';

const coalesceMs = 10;
const graceMs = 250;

/**
 * Finds what events did not tell, and logs that begin anew: compares the heads of local rooms with the log and has gaps
 * repaired (R9: events are hints). Asked for after anything that can swallow events; rooms asked for together are read
 * together, 200 at a time, and asked for again with a growing pause when the chat service does not answer.
 */
export class ChatResilienceService {
  private readonly suspects = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private state: 'idle' | 'reading' | 'stopped' = 'idle';
  private failures = 0;

  constructor(
    private readonly queries: RoomQueries,
    private readonly connections: ConnectionRegistry,
    private readonly repair: RoomRepair,
    private readonly logger: Logger,
  ) {}

  /** Has the heads of these rooms read soon; rooms without a local feed are forgotten. */
  check(roomIds: Iterable<string>): void {
    for (const roomId of roomIds) this.suspects.add(roomId);
    this.schedule(coalesceMs);
  }

  /** Has the heads of all local rooms read soon, or of those that `isConcerned` names. */
  checkAll(isConcerned: (roomId: string) => boolean = () => true): void {
    this.check(this.connections.roomIds.filter(isConcerned));
  }

  /** Stops reading. */
  stop(): void {
    clearTimeout(this.timer);
    this.state = 'stopped';
  }

  private schedule(pauseMs: number): void {
    if (this.state !== 'idle' || this.timer !== undefined || this.suspects.size === 0) return;
    this.timer = setTimeout(() => void this.run(), pauseMs).unref();
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    this.state = 'reading';
    const batch = this.takeBatch();
    try {
      if (batch.length > 0) await this.compare(batch);
      if (this.failures > 0) this.logger.info('room heads are read again');
      this.failures = 0;
    } catch (thrown) {
      this.failures += 1;
      if (this.failures === 1) this.logger.warn({ rooms: batch.length, err: thrown }, 'room heads cannot be read');
      for (const roomId of batch) this.suspects.add(roomId);
    }
    if (this.state === 'reading') this.state = 'idle';
    this.schedule(this.failures === 0 ? 0 : backoffMs(this.failures, { firstMs: 200, capMs: 5_000 }));
  }

  private takeBatch(): readonly string[] {
    const batch: string[] = [];
    for (const roomId of this.suspects) {
      this.suspects.delete(roomId);
      if (this.connections.feedOf(roomId)) batch.push(roomId);
      if (batch.length === limits.rooms) break;
    }
    return batch;
  }

  private async compare(roomIds: readonly string[]): Promise<void> {
    const passedOn = roomIds.map((roomId) => this.seen(roomId));
    const heads = new Map((await this.queries.getRoomHeads(roomIds)).map((known) => [known.roomId, known]));
    this.repair.compared(roomIds.length);
    const behind: RoomHead[] = [];
    const doubtful: SeenRoom[] = [];
    for (const seen of passedOn) {
      const feed = this.connections.feedOf(seen.roomId);
      const known = heads.get(seen.roomId);
      if (feed === undefined) continue;
      const age = feed.meet(known?.epoch);
      if (known && age === 'newer') void this.repair.beginAnew(feed, known);
      else if (!known || age === 'older' || known.head < seen.head) doubtful.push(seen);
      else if (known.head > feed.head || known.memberRev > feed.memberRev || known.rev > feed.rev) behind.push(known);
    }
    await this.askAgain(doubtful);
    if (behind.length === 0) return;
    // Most of these are on their way as events: a commit is seen here before its event arrives.
    setTimeout(() => {
      for (const known of behind) {
        const feed = this.connections.feedOf(known.roomId);
        if (feed === undefined) continue;
        this.repair.catchUp(feed, known);
      }
    }, graceMs).unref();
  }

  private seen(roomId: string): SeenRoom {
    const { head = 0, epoch = 0 } = this.connections.feedOf(roomId) ?? {};
    return { roomId, head, epoch };
  }

  /** An answer below what had been passed on before it was asked for is old, or the log has gone back: asks which. */
  private async askAgain(doubtful: readonly SeenRoom[]): Promise<void> {
    if (doubtful.length === 0) return;
    const before = new Map(doubtful.map((seen) => [seen.roomId, seen]));
    for (const place of await this.queries.roomsGoneBack(doubtful)) {
      const feed = this.connections.feedOf(place.roomId);
      const seen = before.get(place.roomId);
      if (feed === undefined || feed.head !== seen?.head || feed.epoch !== seen.epoch) continue;
      if (place.memberRev === 0) this.repair.vanish(feed);
      else void this.repair.beginAnew(feed, place);
    }
  }
}
