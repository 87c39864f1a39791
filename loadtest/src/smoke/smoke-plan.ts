/**
 * Size and pace of the smoke scenario: one group room in which everybody talks. The pace keeps below the default limits of
 * sending (5 a second of a user into a room, 50 a second into a room): 50 sockets x 1 message every 1.2 s = 42 a second.
 */
export const smokePlan = {
  vus: 5,
  socketsPerVu: 10,
  messagesPerSocket: 10,
  /** Time from one send of a socket to its next. */
  intervalMs: 1_200,
  /** A socket that lacks messages stops waiting when none has come for this long: longer than any repair of the gateway. */
  quietMs: 10_000,
  /** How long a socket that has everything stays, to hear what comes twice. */
  lingerMs: 1_500,
  /** A VU gives up after this long. */
  deadlineMs: 40_000,
  /** k6 ends the run after this long at the latest. */
  maxDuration: '48s',
} as const;

/** Sockets of the whole run. */
export const smokeSockets = smokePlan.vus * smokePlan.socketsPerVu;

/** Messages of the whole run, without the openers. */
export const smokeMessages = smokeSockets * smokePlan.messagesPerSocket;

/**
 * Messages by which the VUs wait for each other, since k6 gives them no other means: each sends one when all of its sockets
 * are ready, and talk begins when a socket has seen the room's head reach their number. So they have the lowest ids.
 */
export const smokeOpeners = smokePlan.vus;
