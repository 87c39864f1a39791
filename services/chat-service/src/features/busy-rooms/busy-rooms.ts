import { HeavyHitters } from './heavy-hitters.js';

/** The window is counted in slices, so that what is old falls out of it. */
const sliceMs = 10_000;
const slices = 6;

/** Rooms of a slice that are kept for sure: each that has more than a 250th of its messages. */
const roomsOfSlice = 250;

/**
 * In which rooms this pod has committed most messages within the last minute: no metric may name a room. What it says of one is too
 * low by at most the answer's error, and never too high.
 */
export class BusyRooms {
  private readonly window: Slice[] = [];

  /** @param now Milliseconds. */
  constructor(private readonly now: () => number) {}

  /** Messages of one room were committed. */
  committed(roomId: string, messages: number): void {
    this.current().hitters.add(roomId, messages);
  }

  /** At most `limit` rooms, those with most messages first. */
  top(limit: number): BusyRoomsAnswer {
    const at = this.now();
    const current = this.current();
    const recent = this.window.filter(({ startedAt }) => startedAt > at - slices * sliceMs);
    const all = new HeavyHitters(2 * slices * roomsOfSlice);
    for (const { hitters } of recent) all.merge(hitters);
    const top = all.top(limit + 1);
    return {
      seconds: (at - (current.startedAt - (slices - 1) * sliceMs)) / 1_000,
      messages: all.total,
      rooms: top.slice(0, limit).map(([roomId, messages]) => ({ roomId, messages })),
      error: all.error + (top[limit]?.[1] ?? 0),
    };
  }

  private current(): Slice {
    const at = this.now();
    const newest = this.window.at(-1);
    if (newest && at - newest.startedAt < sliceMs && at >= newest.startedAt) return newest;
    const slice = { startedAt: Math.floor(at / sliceMs) * sliceMs, hitters: new HeavyHitters(roomsOfSlice) };
    this.window.push(slice);
    if (this.window.length > slices) this.window.shift();
    return slice;
  }
}

/** The busiest rooms of a while. */
export interface BusyRoomsAnswer {
  /** How long the while was: 50 to 60. */
  readonly seconds: number;
  /** Of all rooms. */
  readonly messages: number;
  readonly rooms: readonly { readonly roomId: string; readonly messages: number }[];
  /** What a room may have more than is said, or one that is not listed at all. */
  readonly error: number;
}

interface Slice {
  /** A multiple of the length of a slice. */
  readonly startedAt: number;
  readonly hitters: HeavyHitters;
}
