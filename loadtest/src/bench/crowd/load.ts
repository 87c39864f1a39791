import type { DeliveryFaults } from './delivery-log.ts';

/** A room and who of the crowd is in it, as indices of the connections. */
export interface CrowdRoom {
  readonly id: string;
  readonly members: readonly number[];
}

/** What is sent, and for how long. */
export interface LoadSpec {
  readonly ratePerSecond: number;
  /** Seconds at this rate before anything counts. */
  readonly warmSeconds: number;
  /** Seconds that count. */
  readonly seconds: number;
  /** Characters of a message. */
  readonly characters: number;
  readonly seed: number;
  /** So many are sent at once, that much more rarely; default 1. */
  readonly burst?: number;
  /** Rooms are spoken in one after the other, not by chance. */
  readonly inTurn?: boolean;
  /** Everybody reports each message as read, as it comes. */
  readonly reads?: boolean;
}

/** What came of it. Only the span that counts is in the figures; faults are those of the whole run. */
export interface LoadResult {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Messages that were due. */
  readonly sent: number;
  /** The same with those that warm up. */
  readonly sentInAll: number;
  /** Sent more than 5 ms after they were due, because the generator was held up. */
  readonly late: number;
  readonly acked: number;
  readonly refused: number;
  /** Sends without an answer at the end. */
  readonly unanswered: number;
  /** Answers within the span, of whatever was sent when; what CPU is divided by, so that a backlog does not make a message cheap. */
  readonly answeredInSpan: number;
  readonly deliveries: number;
  /** Messages of this load that somebody was sent who is not in the room. */
  readonly toStrangers: number;
  /** From when it was due to the ack, in milliseconds. */
  readonly ackMs: LatencyMs;
  /** From when it was due to each member, in milliseconds. */
  readonly deliveryMs: LatencyMs;
  readonly faults: DeliveryFaults;
  /** Events other than messages, by name. */
  readonly events: Readonly<Record<string, number>>;
}

/** Points of a distribution in milliseconds; zeros where nothing was counted. */
export interface LatencyMs {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}
