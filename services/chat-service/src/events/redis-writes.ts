import { isTraced, type KeyedCommands, type Span, startSpan, type WriteOutcome } from '@parlance/runtime';
import type { ChatMetrics } from '../metrics.js';

/** Writes commands to Redis, grouped by node; never rejects. */
export type RedisWriter = (groups: readonly KeyedCommands[]) => Promise<WriteOutcome>;

/**
 * What is written to Redis and not awaited (R9: events are hints): what fails is counted, and nobody is told. All that is
 * told of in one step, such as the rooms of one insert command, goes in one write, before the step's answers do.
 */
export class RedisWrites {
  private waiting: KeyedCommands[] = [];
  /** Requests behind what waits, as far as they are traced. */
  private traces: string[] = [];
  /** Writes without an answer yet, the oldest first: when each began. */
  private readonly inFlight = new Set<{ readonly startedAt: number }>();

  /** @param elapsedMs Milliseconds since some moment, which only rise. */
  constructor(
    private readonly write: RedisWriter,
    private readonly metrics: WriteMetrics,
    private readonly elapsedMs: () => number,
  ) {
    metrics.writesInFlight.readBy(() => this.inFlight.size);
    metrics.oldestWrite.readBy(() => {
      for (const { startedAt } of this.inFlight) return (elapsedMs() - startedAt) / 1_000;
      return 0;
    });
  }

  /** Writes commands, of which so many publish an event. */
  send(groups: readonly KeyedCommands[], events = 0): void {
    if (events > 0) this.metrics.eventsPublished.inc(events);
    // Whoever is told of a commit in the same step is told behind this: microtasks keep their order.
    if (this.waiting.length === 0) queueMicrotask(() => this.flush());
    for (const group of groups) this.waiting.push(group);
  }

  /** Notes the request behind what is sent in this step. */
  concerns(traceparent: string): void {
    if (isTraced(traceparent)) this.traces.push(traceparent);
  }

  private flush(): void {
    const groups = this.waiting;
    this.waiting = [];
    const span = this.writeSpan(groups);
    const write = { startedAt: this.elapsedMs() };
    this.inFlight.add(write);
    void this.write(groups).then(({ failed, firstError }) => {
      this.inFlight.delete(write);
      if (failed > 0) this.metrics.redisWriteErrors.inc(failed);
      if (failed > 0) span?.fail('redis write', firstError);
      else span?.end();
    });
  }

  /** Below the first of the requests that it writes for, and linked to them all; undefined where none is traced. */
  private writeSpan(groups: readonly KeyedCommands[]): Span | undefined {
    const [first] = this.traces;
    if (first === undefined) return undefined;
    const span = startSpan('redis write', 'producer', first);
    for (const each of this.traces) span?.link(each);
    this.traces = [];
    span?.set('db.system.name', 'redis');
    span?.set(
      'db.operation.batch.size',
      groups.reduce((sum, { commands }) => sum + commands.length, 0),
    );
    return span;
  }
}

type WriteMetrics = Pick<ChatMetrics, 'redisWriteErrors' | 'eventsPublished' | 'writesInFlight' | 'oldestWrite'>;
