import { messageIndexes } from '@parlance/storage';
import { type Document, Long, ObjectId } from 'mongodb';

/** A way to lay out a month's collection. */
export interface Layout {
  readonly name: string;
  /** In the order of `_id`, without an index of it. */
  readonly clustered: boolean;
  /** `_id` is room and zero-padded message id, so that it stands for the slot index. */
  readonly slotAsId: boolean;
}

/** What is compared; the first is the one of the product. */
export const layouts: readonly Layout[] = [
  { name: 'random _id', clustered: false, slotAsId: false },
  { name: 'slot as _id, clustered', clustered: true, slotAsId: true },
  { name: 'slot as _id', clustered: false, slotAsId: true },
  { name: 'random _id, clustered', clustered: true, slotAsId: false },
];

/** The month that everything lies in. */
export const month = '2026-11';

/** The indexes of a layout on a shard. */
export function indexesOf({ slotAsId }: Layout): readonly Document[] {
  return [
    ...messageIndexes.filter(({ name }) => !(slotAsId && name === 'slot')),
    { key: { monthYear: 1, roomId: 'hashed' }, name: 'shard_key' },
  ];
}

/** `_id` of a slot. */
export function idOf({ slotAsId }: Layout, roomId: string, messageId: number): ObjectId | string {
  return slotAsId ? `${roomId}:${String(messageId).padStart(16, '0')}` : new ObjectId();
}

/** Filter, sort and hint of a range of a room's slots, both ends included. */
export function rangeOf(layout: Layout, roomId: string, from: number, to: number) {
  if (!layout.slotAsId)
    return {
      filter: { monthYear: month, roomId, messageId: { $gte: Long.fromNumber(from), $lte: Long.fromNumber(to) } },
      sort: 'messageId',
      hint: 'slot',
    };
  return {
    filter: { monthYear: month, roomId, _id: { $gte: idOf(layout, roomId, from), $lte: idOf(layout, roomId, to) } },
    sort: '_id',
    hint: layout.clustered ? { _id: 1 } : '_id_',
  };
}
