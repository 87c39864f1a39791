import type { KeyedCommands, WriteOutcome } from '@parlance/runtime';
import type { ChatMetrics } from '../metrics.js';

/** Writes commands to Redis, grouped by node; never rejects. */
export type RedisWriter = (groups: readonly KeyedCommands[]) => Promise<WriteOutcome>;

/**
 * What is written to Redis and not awaited (R9: events are hints): what fails is counted, and nobody is told. All that is
 * told of in one step, such as the rooms of one insert command, goes in one write, before the step's answers do.
 */
export class RedisWrites {
  private waiting: KeyedCommands[] = [];

  constructor(
    private readonly write: RedisWriter,
    private readonly metrics: Pick<ChatMetrics, 'redisWriteErrors' | 'eventsPublished'>,
  ) {}

  /** Writes commands, of which so many publish an event. */
  send(groups: readonly KeyedCommands[], events = 0): void {
    if (events > 0) this.metrics.eventsPublished.inc(events);
    // Whoever is told of a commit in the same step is told behind this: microtasks keep their order.
    if (this.waiting.length === 0) queueMicrotask(() => this.flush());
    for (const group of groups) this.waiting.push(group);
  }

  private flush(): void {
    const groups = this.waiting;
    this.waiting = [];
    void this.write(groups).then(({ failed }) => {
      if (failed > 0) this.metrics.redisWriteErrors.inc(failed);
    });
  }
}
