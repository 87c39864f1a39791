import type { Document, Long } from 'mongodb';
import type { MonthYear } from './month.js';

/** What a room's newest slot in a month tells of its end there. */
export interface LastSlotDocument {
  /** The room id. */
  readonly _id: string;
  /** Null for a message. */
  readonly kind: 'seal' | 'void' | null;
  readonly messageId: Long;
  readonly timestamp: Date;
}

/**
 * The stages that give the newest slot of each room in a month, seals included, as {@link LastSlotDocument}; of all rooms,
 * or of those named that have any. On a replica set the server skips from room to room in the `slot` index
 * (`DISTINCT_SCAN`), so it costs a key a room and not one a message.
 */
export function lastSlots(month: MonthYear, roomIds?: readonly string[]): Document[] {
  return [
    { $match: { monthYear: month, ...(roomIds ? { roomId: { $in: roomIds } } : {}) } },
    { $sort: { monthYear: -1, roomId: -1, messageId: -1 } },
    {
      $group: {
        _id: '$roomId',
        kind: { $first: '$kind' },
        messageId: { $first: '$messageId' },
        timestamp: { $first: '$timestamp' },
      },
    },
  ];
}
