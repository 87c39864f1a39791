import type { KeyedCommands, WriteOutcome } from '@parlance/runtime';
import type { ChatMetrics } from '../metrics.js';

/** Writes commands to Redis, grouped by node; never rejects. */
export type RedisWriter = (groups: readonly KeyedCommands[]) => Promise<WriteOutcome>;

/** What is written to Redis and not awaited (R9: events are hints): what fails is counted, and nobody is told. */
export class RedisWrites {
  constructor(
    private readonly write: RedisWriter,
    private readonly metrics: Pick<ChatMetrics, 'redisWriteErrors' | 'eventsPublished'>,
  ) {}

  /** Writes commands, of which so many publish an event. */
  send(groups: readonly KeyedCommands[], events = 0): void {
    if (events > 0) this.metrics.eventsPublished.inc(events);
    void this.write(groups).then(({ failed }) => {
      if (failed > 0) this.metrics.redisWriteErrors.inc(failed);
    });
  }
}
