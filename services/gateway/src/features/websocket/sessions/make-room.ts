import type { LocalSocket } from '../transport/local-socket.js';

const patienceMs = 1_500;
const stepMs = 25;

/**
 * Makes room for one more connection of a user who has as many as are allowed. A network that went away leaves connections
 * behind that nobody has closed, for as long as heartbeats take; so all of them are asked for a sign of life, and the one that
 * has been silent longest among those without an answer goes. One that answers stays, however long it was idle.
 *
 * Resolves when there is room, when all have answered, or after {@link patienceMs}. Never rejects.
 *
 * @param sockets the user's connections at this moment.
 * @param end ends one of them, which counts no more afterwards.
 * @param time milliseconds since some moment, and a pause of some of them.
 */
export async function makeRoom<Connection extends Pick<LocalSocket, 'askForSign' | 'isSilent' | 'heardAt'>>(
  sockets: () => readonly Connection[],
  most: number,
  end: (socket: Connection) => void,
  time: PassingTime,
): Promise<void> {
  const isFull = (): boolean => sockets().length >= most;
  if (!isFull()) return;
  for (const socket of sockets()) socket.askForSign();
  const until = time.elapsedMs() + patienceMs;
  while (isFull() && sockets().some(({ isSilent }) => isSilent) && time.elapsedMs() < until) await time.pause(stepMs);
  const [silent] = sockets()
    .filter(({ isSilent }) => isSilent)
    .toSorted((left, right) => left.heardAt - right.heardAt);
  if (silent && isFull()) end(silent);
}

/** See {@link makeRoom}. */
export interface PassingTime {
  elapsedMs(): number;
  pause(ms: number): Promise<unknown>;
}
