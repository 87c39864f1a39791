/** Who sends what when: made before the first send, so that a slow system cannot slow its load down (an open loop). */
export interface Schedule {
  readonly count: number;
  /** Milliseconds after the start at which message `index` is due. */
  dueMs(index: number): number;
  /** Room of message `index`, as an index of the rooms. */
  readonly rooms: Uint32Array;
  /** Its sender, as a position among the room's members. */
  readonly senders: Uint32Array;
  /** Its number in its room, from 0. */
  readonly sequences: Uint32Array;
  /** Messages of each room. */
  readonly perRoom: Uint32Array;
}

/** Evenly spaced sends, each by a random member of a random room. The same seed gives the same schedule. */
export function makeSchedule(load: ScheduledLoad): Schedule {
  const count = Math.round(load.ratePerSecond * load.seconds);
  const { burst = 1, inTurn = false } = load;
  const random = randomFrom(load.seed);
  const schedule: Schedule = {
    count,
    dueMs: (index) => ((index - (index % burst)) * 1_000) / load.ratePerSecond,
    rooms: new Uint32Array(count),
    senders: new Uint32Array(count),
    sequences: new Uint32Array(count),
    perRoom: new Uint32Array(load.roomSizes.length),
  };
  for (let index = 0; index < count; index++) {
    const chance = random();
    const room = inTurn ? index % load.roomSizes.length : Math.floor(chance * load.roomSizes.length);
    schedule.rooms[index] = room;
    schedule.senders[index] = Math.floor(random() * (load.roomSizes[room] ?? 1));
    const sequence = schedule.perRoom[room] ?? 0;
    schedule.sequences[index] = sequence;
    schedule.perRoom[room] = sequence + 1;
  }
  return schedule;
}

/** What a schedule is made of. */
export interface ScheduledLoad {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Members of each room. */
  readonly roomSizes: readonly number[];
  readonly seed: number;
  /** So many are due at the same moment; default 1. */
  readonly burst?: number;
  /** Rooms one after the other, not by chance. */
  readonly inTurn?: boolean;
}

/** Mulberry32: enough to spread sends over rooms. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
