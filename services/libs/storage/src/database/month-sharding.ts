import { type Document, MinKey } from 'mongodb';
import { addMonths, type MonthYear } from '../documents/month.js';

/**
 * The shard key of a month's messages. A room of a month lies on one shard, since its hash does, so its slots stay unique;
 * the rooms are spread over all shards of the month's tier (ADR 0004).
 */
export const monthShardKey = { monthYear: 1, roomId: 'hashed' } as const;

/** A range of a month's shard key, from `min` to before `max`. */
export interface KeyRange {
  readonly min: Document;
  readonly max: Document;
}

/**
 * All of a month, as a zone takes it. It ends where the next month begins: a range within one value of `monthYear` is
 * accepted for a zone, but then the collection cannot be split over its shards from the start (31390, MongoDB 6.0.5). Pure.
 */
export function zoneRangeOf(month: MonthYear): KeyRange {
  return {
    min: { monthYear: month, roomId: new MinKey() },
    max: { monthYear: addMonths(month, 1), roomId: new MinKey() },
  };
}

/**
 * The command that shards a month's empty collection, split over the shards of its zone from the start, so that its first
 * minute is spread as its last. Give the zone first, else it is refused (31387). Pure.
 */
export function shardMonthCommand(namespace: string, chunks: number): Document {
  return {
    shardCollection: namespace,
    key: monthShardKey,
    presplitHashedZones: true,
    numInitialChunks: chunks,
  };
}

/** The command that gives a range to a zone, or takes it from its zone (`null`). From zone to zone only over `null` (178). Pure. */
export function zoneCommand(namespace: string, { min, max }: KeyRange, zone: string | null): Document {
  return { updateZoneKeyRange: namespace, min, max, zone };
}
