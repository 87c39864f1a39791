import { setTimeout as delay } from 'node:timers/promises';
import { build, type Histogram } from 'hdr-histogram-js';
import { DeliveryLog } from './delivery-log.ts';
import type { CrowdRoom, LatencyMs, LoadResult, LoadSpec } from './load.ts';
import { messageIdIn } from './read-frame.ts';
import type { Schedule } from './schedule.ts';

/** Counts one run of a load: times from when a message was due, and what came, twice, late or never. */
export class Tally {
  /** When message 0 is due, on the clock of `performance.now()`. */
  startMs = 0;
  private readonly log: DeliveryLog;
  private readonly ackUs = histogram();
  private readonly deliveryUs = histogram();
  private readonly events: Record<string, number> = {};
  private readonly counts = { late: 0, acked: 0, refused: 0, deliveries: 0, toStrangers: 0, answeredInSpan: 0 };
  private inSpan = false;
  private readonly places: Places;
  private outstanding: number;
  private lastNewsMs = 0;

  constructor(
    private readonly schedule: Schedule,
    rooms: readonly CrowdRoom[],
    /** Messages before this one warm up and do not count. */
    readonly firstCounted: number,
  ) {
    this.log = new DeliveryLog(
      schedule,
      rooms.map(({ members }) => members.length),
    );
    this.places = new Places(schedule, rooms);
    this.outstanding = schedule.count;
    schedule.rooms.forEach((room) => {
      this.outstanding += rooms[room]?.members.length ?? 0;
    });
  }

  /** Message `index` goes out now. */
  sending(index: number, nowMs: number): void {
    if (index >= this.firstCounted && nowMs - this.dueMs(index) > lateAfterMs) this.counts.late += 1;
  }

  /** The span that counts begins or ends. */
  mark(at: 'begin' | 'end'): void {
    this.inSpan = at === 'begin';
  }

  /** A connection was sent a message. */
  delivered(connection: number, room: number, sequence: number, messageId: number): void {
    const member = this.places.memberOf(connection, room);
    if (member === undefined) this.counts.toStrangers += 1;
    if (member === undefined || !this.log.delivered(room, member, sequence, messageId)) return;
    this.outstanding -= 1;
    this.lastNewsMs = performance.now();
    const index = this.places.indexOf(room, sequence);
    if (index < this.firstCounted) return;
    this.counts.deliveries += 1;
    this.deliveryUs.recordValue(microseconds(this.lastNewsMs - this.dueMs(index)));
  }

  /** A send was answered. */
  answered(index: number, json: string): void {
    this.outstanding -= 1;
    if (this.inSpan) this.counts.answeredInSpan += 1;
    this.lastNewsMs = performance.now();
    const messageId = json.startsWith('[{"success":true') ? messageIdIn(json) : -1;
    if (messageId !== -1) this.log.acked(index, messageId);
    if (index < this.firstCounted) return;
    if (messageId === -1) {
      this.counts.refused += 1;
      this.event(`refused: ${/"code":"([A-Z_]+)"/.exec(json)?.[1] ?? json.slice(0, 40)}`);
      return;
    }
    this.counts.acked += 1;
    this.ackUs.recordValue(microseconds(this.lastNewsMs - this.dueMs(index)));
  }

  /** Another event came. */
  event(name: string): void {
    this.events[name] = (this.events[name] ?? 0) + 1;
  }

  /** Resolves when all is answered and delivered, or when nothing has come for three seconds; at the latest after twenty. */
  async settled(): Promise<void> {
    const from = performance.now();
    this.lastNewsMs = Math.max(this.lastNewsMs, from);
    while (this.outstanding > 0 && performance.now() - this.lastNewsMs < 3_000 && performance.now() - from < 20_000) {
      await delay(50);
    }
    // What comes twice comes after the first.
    await delay(100);
  }

  /** What it comes to. */
  result(spec: LoadSpec): LoadResult {
    const sent = this.schedule.count - this.firstCounted;
    return {
      ratePerSecond: spec.ratePerSecond,
      seconds: spec.seconds,
      sent,
      sentInAll: this.schedule.count,
      ...this.counts,
      unanswered: sent - this.counts.acked - this.counts.refused,
      ackMs: latency(this.ackUs),
      deliveryMs: latency(this.deliveryUs),
      faults: this.log.verdict(),
      events: this.events,
    };
  }

  private dueMs(index: number): number {
    return this.startMs + this.schedule.dueMs(index);
  }
}

/** Where a connection stands in a room, and which message of the schedule is which of a room. */
class Places {
  private readonly members = new Map<number, Map<number, number>>();
  private readonly indices: readonly Uint32Array[];

  constructor(schedule: Schedule, rooms: readonly CrowdRoom[]) {
    rooms.forEach(({ members }, room) =>
      members.forEach((connection, member) => {
        const rooms = this.members.get(connection) ?? new Map<number, number>();
        this.members.set(connection, rooms.set(room, member));
      }),
    );
    this.indices = rooms.map((_, room) => new Uint32Array(schedule.perRoom[room] ?? 0));
    schedule.rooms.forEach((room, index) => {
      const indices = this.indices[room];
      if (indices !== undefined) indices[schedule.sequences[index] ?? 0] = index;
    });
  }

  memberOf(connection: number, room: number): number | undefined {
    return this.members.get(connection)?.get(room);
  }

  indexOf(room: number, sequence: number): number {
    return this.indices[room]?.[sequence] ?? -1;
  }
}

/** Later than that is late: the generator itself was held up. */
const lateAfterMs = 5;

function histogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 120_000_000, numberOfSignificantValueDigits: 3 });
}

function microseconds(ms: number): number {
  return Math.max(1, Math.round(ms * 1_000));
}

function latency(histogram: Histogram): LatencyMs {
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1_000;
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: histogram.maxValue / 1_000 };
}
