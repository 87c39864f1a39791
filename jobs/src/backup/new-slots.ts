import { type ChatDatabase, compareRoomIds, type MonthYear, readLastSlots, type SlotDocument } from '@parlance/storage';
import { Long } from 'mongodb';
import { longRead, rowsOf } from '../mongo/rows-of.js';
import { type RoomCut, type RoomPosition, wantedAfter } from './room-cut.js';

/** With the types that numbers are stored with. */
const exactly = { ...longRead, promoteValues: false } as const;

/** Rooms that are looked at together. */
const roomsAtATime = 200;

/** What is read. */
export interface SlotReading {
  readonly database: ChatDatabase;
  readonly signal: AbortSignal;
  /** All rooms, by id. */
  readonly cuts: ReadonlyMap<string, RoomCut>;
  /** Where the backup before left them. */
  readonly before: ReadonlyMap<string, RoomPosition>;
}

/**
 * The records of a month that a backup adds, in the order of an archive, exactly as they are stored. All of the month in one
 * go where no earlier backup has any of it; else room by room those that have grown.
 * @throws those of `rowsOf`.
 */
export async function* newSlots(month: MonthYear, reading: SlotReading): AsyncGenerator<SlotDocument> {
  const { database, signal, cuts, before } = reading;
  const wanted = (roomId: string): number | undefined => {
    const cut = cuts.get(roomId);
    return cut && wantedAfter(cut, before.get(roomId), month);
  };
  const isBegun = [...before.values()].some((position) => position.month === month);
  if (isBegun) {
    yield* ofGrownRooms(month, reading, wanted);
    return;
  }
  const all = database
    .messages(month)
    .find({ monthYear: month }, { ...exactly, sort: { monthYear: 1, roomId: 1, messageId: 1 } });
  for await (const slot of rowsOf(all, signal)) {
    const after = wanted(slot.roomId);
    if (after !== undefined && Number(slot.messageId) > after) yield slot;
  }
}

async function* ofGrownRooms(
  month: MonthYear,
  { database, signal, cuts }: SlotReading,
  wanted: (roomId: string) => number | undefined,
): AsyncGenerator<SlotDocument> {
  const roomIds = [...cuts.keys()].filter((roomId) => wanted(roomId) !== undefined).toSorted(compareRoomIds);
  for (let from = 0; from < roomIds.length; from += roomsAtATime) {
    const batch = roomIds.slice(from, from + roomsAtATime);
    const last = await readLastSlots(database, month, batch, longRead);
    const grown = last.flatMap(({ _id, messageId }) => {
      const after = wanted(_id);
      return after !== undefined && Number(messageId) > after ? [{ roomId: _id, after }] : [];
    });
    if (grown.length === 0) continue;
    const ranges = grown.map(({ roomId, after }) => ({
      monthYear: month,
      roomId,
      messageId: { $gt: Long.fromNumber(after) },
    }));
    const found = database
      .messages(month)
      .find({ $or: ranges }, { ...exactly, sort: { monthYear: 1, roomId: 1, messageId: 1 } });
    yield* rowsOf(found, signal);
  }
}
