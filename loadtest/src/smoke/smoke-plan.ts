/** Small enough for the default limits, and for a laptop. */
export const defaultSize: SmokeSize = { sockets: 50, rooms: 1, rate: 42, seconds: 12 };

/** How long things take that do not depend on the size of a run. */
export const smokePatience = {
  /** A socket that lacks messages stops waiting when none has come for this long: longer than any repair of the gateway. */
  quietMs: 10_000,
  /** How long a socket that has everything stays, to hear what comes twice. */
  lingerMs: 1_500,
} as const;

/**
 * Who sits where, and at which pace everybody talks, for a run of that size. The defaults keep below the default limits of sending (5 a
 * second of a user into a room, 50 a second into a room). Pure.
 *
 * @throws Error that names the variable for a size that cannot be.
 */
export function smokePlan({ sockets, rooms, rate, seconds }: SmokeSize = defaultSize): SmokePlan {
  for (const [name, value] of Object.entries({ SOCKETS: sockets, ROOMS: rooms, RATE: rate, DURATION: seconds }))
    if (!(value > 0)) throw new Error(`${name} has to be a number above 0`);
  if (!Number.isInteger(sockets) || !Number.isInteger(rooms)) throw new Error('SOCKETS and ROOMS are whole numbers');
  if (sockets < 2 * rooms) throw new Error(`ROOMS=${rooms} needs SOCKETS=${2 * rooms} or more: two in each room`);
  if (sockets > 1_000 * rooms)
    throw new Error(`SOCKETS=${sockets} needs ROOMS=${Math.ceil(sockets / 1_000)} or more: a room takes 1,000`);
  const intervalMs = (1_000 * sockets) / rate;
  const messagesPerSocket = Math.floor((1_000 * seconds) / intervalMs);
  if (messagesPerSocket === 0)
    throw new Error(
      `DURATION=${seconds} is too short for RATE=${rate}: not every one of ${sockets} sockets would talk`,
    );
  // A VU costs a JavaScript engine, so it holds many sockets.
  const socketsPerVu = Math.ceil(sockets / Math.max(Math.min(5, sockets), Math.ceil(sockets / 100)));
  const seats = Array.from({ length: sockets }, (_, index) => ({
    vu: Math.floor(index / socketsPerVu),
    room: Math.floor((index * rooms) / sockets),
  }));
  return {
    vus: Math.ceil(sockets / socketsPerVu),
    seats: seats.map((seat, index) => {
      const before = seats[index - 1];
      return { ...seat, opens: before === undefined || before.vu !== seat.vu || before.room !== seat.room };
    }),
    rooms,
    messagesPerSocket,
    intervalMs,
    messages: messagesPerSocket * sockets,
    deadlineMs: 180_000 + 1_000 * seconds,
  };
}

/** What can be said from outside. */
export interface SmokeSize {
  /** People with a socket each; at most 1,000 a room. */
  readonly sockets: number;
  /** Group rooms over which they are spread evenly. */
  readonly rooms: number;
  /** Messages a second of all together. */
  readonly rate: number;
  /** How long they talk. */
  readonly seconds: number;
}

/** A run. */
export interface SmokePlan {
  readonly vus: number;
  /** One a socket. */
  readonly seats: readonly Seat[];
  readonly rooms: number;
  readonly messagesPerSocket: number;
  /** Time from one send of a socket to its next. */
  readonly intervalMs: number;
  /** Of the whole run, without the openers. */
  readonly messages: number;
  /** A VU gives up after this long. */
  readonly deadlineMs: number;
}

/** Where a socket is. Numbers from 0. */
export interface Seat {
  readonly vu: number;
  readonly room: number;
  /**
   * Sends the opener of its VU into its room. By these the VUs wait for each other, since k6 gives them no other means: an opener is
   * sent when all sockets of the VU are ready, and talk begins when a socket has seen the room's head reach their number. So they
   * have the lowest ids.
   */
  readonly opens: boolean;
}

/** What a room holds in the end: so many openers, and behind them so many messages. */
export function smokeRoom(plan: SmokePlan, room: number): { readonly openers: number; readonly messages: number } {
  const inside = plan.seats.filter((seat) => seat.room === room);
  return {
    openers: inside.filter(({ opens }) => opens).length,
    messages: inside.length * plan.messagesPerSocket,
  };
}
