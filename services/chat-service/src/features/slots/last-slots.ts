import { GatheredReads, type GatheringClock } from '@parlance/runtime';
import type { MonthYear } from '@parlance/storage';
import { commandMs, type LastSlot, type MongoMessageStore } from './mongo-message-store.js';

/** Rooms whose ends are read by one command. */
const roomsAtATime = 500;

/** The newest slots of rooms in a month. What is asked for at the same time is one command, whoever asks. */
export class LastSlots {
  private readonly months = new Map<MonthYear, GatheredReads<LastSlot>>();

  constructor(
    private readonly messages: Pick<MongoMessageStore, 'readLast' | 'readLasts'>,
    private readonly clock: GatheringClock,
  ) {}

  /**
   * Those of some rooms, seals included, by room id, perhaps with those of others; rooms without any there are missing. The
   * command has the longest time of those who wait for it.
   */
  of(month: MonthYear, roomIds: readonly string[], timeMs = commandMs): Promise<ReadonlyMap<string, LastSlot>> {
    const known =
      this.months.get(month) ?? new GatheredReads((ids, ms) => this.read(month, ids, ms), this.clock, roomsAtATime);
    this.months.set(month, known);
    return known.all(roomIds, timeMs);
  }

  private async read(
    month: MonthYear,
    roomIds: readonly string[],
    timeMs: number,
  ): Promise<ReadonlyMap<string, LastSlot>> {
    const [roomId] = roomIds;
    if (roomId !== undefined && roomIds.length === 1) {
      const last = await this.messages.readLast(month, roomId, timeMs);
      return new Map(last ? [[roomId, last]] : []);
    }
    const starts = Array.from({ length: Math.ceil(roomIds.length / roomsAtATime) }, (_, index) => index * roomsAtATime);
    const found = await Promise.all(
      starts.map((start) => this.messages.readLasts(month, roomIds.slice(start, start + roomsAtATime), timeMs)),
    );
    return new Map(found.flatMap((lasts) => [...lasts]));
  }
}
