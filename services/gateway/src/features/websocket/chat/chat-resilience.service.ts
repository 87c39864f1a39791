import { Inject, Injectable } from '@nestjs/common';
import { limits, type RoomHead } from '@parlance/proto';
import { backoffMs, type Logger } from '@parlance/runtime';
import { LOGGER } from '../../../tokens.js';
import { LocalAudience } from './local-audience.js';
import { RoomQueries } from './room-queries.service.js';
import { RoomRepair } from './room-repair.service.js';

/**
 * Finds what events did not tell, and logs that have gone back: compares the heads of local rooms with the log and has gaps repaired (R9). Asked for
 * after anything that can swallow events; rooms asked for together are read together, 200 at a time, and asked for
 * again with a growing pause when the chat service does not answer.
 */
@Injectable()
export class ChatResilienceService {
  private readonly suspects = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private state: 'idle' | 'reading' | 'stopped' = 'idle';
  private failures = 0;

  constructor(
    private readonly queries: RoomQueries,
    private readonly audience: LocalAudience,
    private readonly repair: RoomRepair,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Has the heads of these rooms read soon; rooms without a local feed are forgotten. */
  check(roomIds: Iterable<string>): void {
    for (const roomId of roomIds) this.suspects.add(roomId);
    this.schedule(coalesceMs);
  }

  /** Has the heads of all local rooms read soon, or of those that `isConcerned` names. */
  checkAll(isConcerned: (roomId: string) => boolean = () => true): void {
    this.check(this.audience.roomIds.filter(isConcerned));
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
      if (this.audience.feedOf(roomId)) batch.push(roomId);
      if (batch.length === limits.rooms) break;
    }
    return batch;
  }

  private async compare(roomIds: readonly string[]): Promise<void> {
    const passedOn = new Map(roomIds.map((roomId) => [roomId, this.audience.feedOf(roomId)?.head ?? 0]));
    const heads = await this.queries.getRoomHeads(roomIds);
    await this.goBack(
      heads.filter(({ roomId, head }) => head < (passedOn.get(roomId) ?? 0)),
      passedOn,
    );
    const behind = heads.filter(({ roomId, head, memberRev }) => {
      const feed = this.audience.feedOf(roomId);
      return feed !== undefined && (head > feed.head || memberRev > feed.memberRev);
    });
    if (behind.length === 0) return;
    // Most of these are on their way as events: a commit is seen here before its event arrives.
    setTimeout(() => {
      for (const known of behind) {
        const feed = this.audience.feedOf(known.roomId);
        if (feed === undefined) continue;
        feed.learn(known);
        void this.repair.ensure(feed);
      }
    }, graceMs).unref();
  }

  /** An answer below what had been passed on before it was asked for is old, or the log has gone back: asks which. */
  private async goBack(below: readonly RoomHead[], passedOn: ReadonlyMap<string, number>): Promise<void> {
    if (below.length === 0) return;
    const known = below.map(({ roomId }) => ({ roomId, head: passedOn.get(roomId) ?? 0 }));
    for (const place of await this.queries.roomsGoneBack(known)) {
      const feed = this.audience.feedOf(place.roomId);
      if (feed !== undefined && feed.head === passedOn.get(place.roomId)) void this.repair.goBack(feed, place);
    }
  }
}

const coalesceMs = 10;
const graceMs = 250;
