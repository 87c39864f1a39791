import { ChatError, type RoomId, type UserId } from '@parlance/proto';
import { endOfMonth, type MonthYear } from '@parlance/storage';
import type { LogEnd } from '../rooms/log-end.js';
import type { MongoRoomStore } from '../rooms/mongo-room-store.js';
import { lastSegment, segmentOf } from '../rooms/segment.js';
import type { StoredRoom } from '../rooms/stored-room.js';
import type { LastSlots } from './last-slots.js';
import type { IdRange, StoredSlot } from './message-store.js';
import { commandMs, type LastSlot, type MongoMessageStore } from './mongo-message-store.js';

/** This long after a month's end nobody adds to it any more: it is sealed a day after it. */
const settledMs = 2 * 24 * 60 * 60 * 1_000;

/** Rooms whose ends are read by one command. */
const roomsAtATime = 500;

/**
 * Reads a room's log over its chain of segments, always from the primary at majority (R8: pages have no holes). Where a
 * `deadlineAt` is named (Unix milliseconds), no command may take longer on the server than until then, and none is sent
 * after it.
 */
export class LogReader {
  constructor(
    private readonly rooms: MongoRoomStore,
    private readonly messages: MongoMessageStore,
    private readonly lasts: LastSlots,
    private readonly now: () => number,
  ) {}

  /** The end of the log. */
  async end(room: StoredRoom, deadlineAt?: number): Promise<LogEnd> {
    const end = await this.head(room, deadlineAt);
    if (end.timestamp !== undefined || end.head === 0) return end;
    return { ...end, timestamp: (await this.slot(end.room, end.head, deadlineAt))?.timestamp };
  }

  /** The end of the log; its time only where that costs no further read. */
  async head(room: StoredRoom, deadlineAt?: number): Promise<LogEnd> {
    const { monthYear, end } = lastSegment(room);
    const { roomId } = room;
    const last = end ? undefined : (await this.lasts.of(monthYear, [roomId], this.timeLeft(deadlineAt))).get(roomId);
    if (last?.kind === 'message') return { room, head: last.messageId, timestamp: last.timestamp };
    if (end || last?.kind === 'seal') {
      // The chain may have grown.
      const now = await this.rooms.read(room.roomId as RoomId);
      if (now && now.segments.length > room.segments.length) return this.head(now, deadlineAt);
    }
    return { room, ...(end ?? { head: headBefore(room, last), timestamp: undefined }) };
  }

  /**
   * The ends of those rooms that exist, with `of` of those that this user is in, by room id. Everybody who comes back asks
   * for this, so a room has no command of its own, and neither has a caller: one for the rooms, one for the last slots of
   * each month, with those of others who ask meanwhile, and two more when some rooms are silent since their month was sealed.
   */
  async ends(
    roomIds: readonly RoomId[],
    { of, deadlineAt }: { readonly of?: UserId; readonly deadlineAt?: number } = {},
  ): Promise<ReadonlyMap<string, LogEnd>> {
    return this.endsOf(roomIds.length === 0 ? [] : await this.rooms.readMany(roomIds, of), deadlineAt);
  }

  private async endsOf(rooms: readonly StoredRoom[], deadlineAt?: number): Promise<Map<string, LogEnd>> {
    const ends = new Map<string, LogEnd>();
    const asked: StoredRoom[] = [];
    for (const room of rooms) {
      const { end } = lastSegment(room);
      if (end) ends.set(room.roomId, { room, ...end });
      else asked.push(room);
    }
    const sealed: StoredRoom[] = [];
    const before: { readonly room: StoredRoom; readonly head: number }[] = [];
    const read = async (month: MonthYear, batch: readonly StoredRoom[]): Promise<void> => {
      const lasts = await this.lasts.of(
        month,
        batch.map(({ roomId }) => roomId),
        this.timeLeft(deadlineAt),
      );
      for (const room of batch) {
        const last = lasts.get(room.roomId);
        if (last?.kind === 'message') ends.set(room.roomId, { room, head: last.messageId, timestamp: last.timestamp });
        else before.push({ room, head: headBefore(room, last) });
        if (last?.kind === 'seal') sealed.push(room);
      }
    };
    const months = byMonth(asked, (room) => lastSegment(room).monthYear);
    await Promise.all(months.map(({ month, batch }) => read(month, batch)));
    const grown = sealed.length === 0 ? [] : await this.grown(sealed);
    const timestamps = await this.timestamps(before.filter(({ head }) => head > 0));
    for (const { room, head } of before) ends.set(room.roomId, { room, head, timestamp: timestamps.get(room.roomId) });
    await this.note(sealed, ends);
    for (const [roomId, end] of grown.length === 0 ? [] : await this.endsOf(grown, deadlineAt)) ends.set(roomId, end);
    return ends;
  }

  /**
   * Notes the ends of rooms whose last month is sealed for good in the rooms themselves, so that nobody has to ask that month
   * again: it goes into the archive one day, and rooms must be listed also while that is away. Another reader will do it
   * where it fails.
   */
  private async note(sealed: readonly StoredRoom[], ends: ReadonlyMap<string, LogEnd>): Promise<void> {
    const since = this.now() - settledMs;
    const noted = sealed.flatMap((room) => {
      const end = ends.get(room.roomId);
      const isWhole = end && (end.head === 0 || end.timestamp !== undefined);
      return isWhole && endOfMonth(lastSegment(room).monthYear) < since ? [{ room, end }] : [];
    });
    if (noted.length > 0) await this.rooms.noteEnds(noted).catch(() => undefined); // It only saves reads.
  }

  /** Those of the rooms whose chain has grown since it was read. */
  private async grown(rooms: readonly StoredRoom[]): Promise<StoredRoom[]> {
    const lengths = new Map(rooms.map(({ roomId, segments }) => [roomId, segments.length]));
    const now = await this.rooms.readMany(rooms.map(({ roomId }) => roomId as RoomId));
    return now.filter(({ roomId, segments }) => segments.length > (lengths.get(roomId) ?? 0));
  }

  private async timestamps(
    slots: readonly { readonly room: StoredRoom; readonly head: number }[],
  ): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const { month, batch } of byMonth(slots, ({ room, head }) => segmentOf(room, head)?.monthYear)) {
      const some = await this.messages.readTimestamps(
        month,
        batch.map(({ room, head }) => ({ roomId: room.roomId, messageId: head })),
      );
      for (const [roomId, timestamp] of some) found.set(roomId, timestamp);
    }
    return found;
  }

  /**
   * The slots of a range, ascending; `ahead` is what of the same page will be asked for with and after it. A hole is an
   * error, never an answer.
   * @throws STORE_UNAVAILABLE, ARCHIVE_UNAVAILABLE, DEADLINE_EXCEEDED.
   */
  async range(room: StoredRoom, range: IdRange, deadlineAt?: number, ahead: IdRange = range): Promise<StoredSlot[]> {
    const parts = room.segments.flatMap(({ monthYear, firstId }, index) => {
      const lastId = (room.segments[index + 1]?.firstId ?? Number.POSITIVE_INFINITY) - 1;
      const within = ({ from, to }: IdRange) => ({ from: Math.max(from, firstId), to: Math.min(to, lastId) });
      const part = within(range);
      return part.from > part.to ? [] : [{ month: monthYear, ...part, ahead: within(ahead) }];
    });
    const slots = await this.messages.readParts(room.roomId, parts, this.timeLeft(deadlineAt));
    const expected = range.to - range.from + 1;
    if (slots.length === expected && slots.every(({ messageId }, index) => messageId === range.from + index))
      return slots;
    throw new ChatError('STORE_UNAVAILABLE', { message: 'A part of this history cannot be read now; retry.' });
  }

  /** One slot, or undefined. */
  async slot(room: StoredRoom, messageId: number, deadlineAt?: number): Promise<StoredSlot | undefined> {
    const segment = segmentOf(room, messageId);
    if (!segment) return undefined;
    const range = { from: messageId, to: messageId };
    return (await this.messages.readRange(segment.monthYear, room.roomId, range, this.timeLeft(deadlineAt)))[0];
  }

  private timeLeft(deadlineAt = Number.POSITIVE_INFINITY): number {
    const left = Math.ceil(deadlineAt - this.now());
    if (left <= 0) throw new ChatError('DEADLINE_EXCEEDED');
    return Math.min(left, commandMs);
  }
}

/** Items with a month, a command's worth at a time; those without one are left out. */
function byMonth<Item>(
  items: readonly Item[],
  monthOf: (item: Item) => MonthYear | undefined,
): { readonly month: MonthYear; readonly batch: readonly Item[] }[] {
  return [...Map.groupBy(items, monthOf)].flatMap(([month, some]) => {
    const starts = Array.from({ length: Math.ceil(some.length / roomsAtATime) }, (_, index) => index * roomsAtATime);
    return month === undefined
      ? []
      : starts.map((start) => ({ month, batch: some.slice(start, start + roomsAtATime) }));
  });
}

/** The head of a room whose last segment has no message, or ends in something that is none. */
function headBefore(room: StoredRoom, last: LastSlot | undefined): number {
  return (last?.messageId ?? lastSegment(room).firstId) - (last?.kind === 'void' ? 0 : 1);
}
