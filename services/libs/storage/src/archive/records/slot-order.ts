/** Where a record stands in an archive: by room, in a room by id. */
export interface SlotPosition {
  readonly roomId: string;
  readonly messageId: number;
}

/**
 * The order of records in an archive: rooms by the bytes of their id in UTF-8, as MongoDB sorts strings, then ids by
 * number. Negative, zero or positive as in `Array.prototype.sort`.
 */
export function compareSlots(one: SlotPosition, other: SlotPosition): number {
  return compareRoomIds(one.roomId, other.roomId) || one.messageId - other.messageId;
}

/** The first half of {@link compareSlots}. JavaScript's own `<` orders UTF-16 units, which differs above U+FFFF. */
export function compareRoomIds(one: string, other: string): number {
  if (one === other) return 0;
  if (isAscii(one) && isAscii(other)) return one < other ? -1 : 1;
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
